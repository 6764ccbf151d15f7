package org.encore.model.encodec;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.encore.base.files.InvalidFileException;
import org.encore.model.encodec.EncodecConfig.KernelWidths;
import org.encore.model.encodec.EncodecConfig.PadMode;

/**
 * Sizes of an audiocraft compression model, read off its tensors.
 *
 * <p>What tensors do not tell is as in audiocraft's own models of music: {@value #SAMPLE_RATE} samples a second, not causal,
 * padded by {@link #PAD_MODE}, dilation growth {@value #DILATION_GROWTH}.
 *
 * @param config the sizes
 * @param prefix before every name
 */
record AudiocraftLayout(EncodecConfig config, String prefix) {
    private static final int SAMPLE_RATE = 32_000;
    private static final int DILATION_GROWTH = 2;
    private static final PadMode PAD_MODE = PadMode.REFLECT;
    private static final String FIRST_CODEBOOK = "quantizer.vq.layers.0._codebook.embed";

    /**
     * Reads the sizes.
     *
     * @throws InvalidFileException if these are not the tensors of a compression model
     */
    static AudiocraftLayout of(WeightSource source) {
        String prefix = source.names().stream()
                .filter(name -> name.endsWith(FIRST_CODEBOOK))
                .findFirst()
                .map(name -> name.substring(0, name.length() - FIRST_CODEBOOK.length()))
                .orElseThrow(() -> new InvalidFileException(
                        source.path(),
                        "tensor " + FIRST_CODEBOOK + " is missing: these are not the weights of a compression model"));
        Looking looking = new Looking(source, prefix);
        try {
            return new AudiocraftLayout(looking.config(), prefix);
        } catch (IllegalArgumentException e) {
            throw new InvalidFileException(source.path(), "its tensors say that " + e.getMessage(), e);
        }
    }

    private record Looking(WeightSource source, String prefix) {
        EncodecConfig config() {
            List<Integer> first = weight("encoder.model.0.conv.conv");
            List<Integer> upwards = weight("decoder.model.0.conv.conv");
            List<Integer> ratios = new ArrayList<>();
            numbers("decoder\\.model\\.(\\d+)\\.convtr\\.convtr\\.bias")
                    .forEach((number, name) -> ratios.add(weight(name.substring(0, name.length() - ".bias".length()))
                                    .get(2)
                            / 2));
            SortedMap<Integer, String> blocks = numbers("encoder\\.model\\.(\\d+)\\.block\\.1\\.conv\\.conv\\.bias");
            int last = numbers("decoder\\.model\\.(\\d+)\\.conv\\.conv\\.bias").lastKey();
            List<Integer> codebook = source.shape(prefix + FIRST_CODEBOOK);
            int recurrent =
                    numbers("encoder\\.model\\.\\d+\\.lstm\\.bias_hh_l(\\d+)").size();
            List<Integer> block = blocks.isEmpty()
                    ? List.of(1, 2, 3)
                    : weight("encoder.model." + blocks.firstKey() + ".block.1.conv.conv");
            return new EncodecConfig(
                    SAMPLE_RATE,
                    first.get(1),
                    upwards.get(1),
                    first.get(0),
                    blocks.size() / Math.max(1, ratios.size()),
                    ratios,
                    new KernelWidths(
                            first.get(2),
                            weight("decoder.model." + last + ".conv.conv").get(2),
                            block.get(2)),
                    DILATION_GROWTH,
                    false,
                    PAD_MODE,
                    block.get(1) / block.get(0),
                    recurrent,
                    1.0,
                    source.names().stream().anyMatch(name -> name.contains(".shortcut.")),
                    numbers("quantizer\\.vq\\.layers\\.(\\d+)\\._codebook\\.embed")
                            .size(),
                    codebook.get(0));
        }

        private List<Integer> weight(String name) {
            for (String ending : List.of(".weight_v", ".parametrizations.weight.original1", ".weight")) {
                if (source.names().contains(prefix + name + ending)) {
                    return source.shape(prefix + name + ending);
                }
            }
            throw new InvalidFileException(source.path(), "tensor " + prefix + name + ".weight_v is missing");
        }

        /** The numbers that a pattern finds in names, with the names without prefix. */
        private SortedMap<Integer, String> numbers(String regex) {
            Pattern pattern = Pattern.compile(regex);
            SortedMap<Integer, String> found = new TreeMap<>();
            for (String name : source.names()) {
                if (name.startsWith(prefix)) {
                    Matcher matcher = pattern.matcher(name.substring(prefix.length()));
                    if (matcher.matches()) {
                        found.put(Integer.parseInt(matcher.group(1)), matcher.group());
                    }
                }
            }
            return found;
        }
    }
}
