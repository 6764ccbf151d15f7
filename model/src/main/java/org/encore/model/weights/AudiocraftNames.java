package org.encore.model.weights;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.encore.base.files.InvalidFileException;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.ModelConfig.Head;
import org.encore.model.transformer.ModelConfig.TextEncoderConfig;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.transformer.ParameterLayout.ParameterNames;
import org.encore.model.transformer.Sinusoids;

/**
 * The decoder in audiocraft's state dict, as safetensors, and its parameters under our names.
 *
 * <p>{@code emb} and {@code linears} are embeddings and heads; {@code in_proj_weight} is the matrices of queries, keys and
 * values, stacked. The state dict has neither a text encoder nor its sizes: the model takes text states at its own width.
 */
public final class AudiocraftNames {
    /** The usual name of the file. */
    public static final String FILE = "lm.safetensors";

    private static final String DECODER = "decoder.model.decoder.";
    private static final Pattern LAYER = Pattern.compile("transformer\\.layers\\.(\\d+)\\.(.+)");
    private static final Pattern TABLE = Pattern.compile("(emb|linears)\\.(\\d+)\\.weight");
    private static final String CONDITIONER = "condition_provider.";
    private static final String PROJECTION = CONDITIONER + "conditioners.description.output_proj.";

    /** Of every published model. */
    private static final int HEAD_WIDTH = 64;

    /** As many as the reference implementation stores. */
    private static final int POSITIONS = 2048;

    private AudiocraftNames() {}

    /** Our names of a parameter, in the order in which it stacks them; empty for one that the decoder does not have. */
    public static List<String> parameters(String name) {
        Matcher table = TABLE.matcher(name);
        if (table.matches()) {
            return List.of(
                    table.group(1).equals("emb")
                            ? DECODER + "embed_tokens." + table.group(2) + ".weight"
                            : "decoder.lm_heads." + table.group(2) + ".weight");
        }
        if (name.startsWith("out_norm.")) {
            return norm(DECODER + "layer_norm", name);
        }
        Matcher layer = LAYER.matcher(name);
        return layer.matches() ? inLayer(DECODER + "layers." + layer.group(1) + ".", layer.group(2)) : List.of();
    }

    private static List<String> inLayer(String layer, String name) {
        return switch (name) {
            case "self_attn.in_proj_weight" -> stacked(layer + "self_attn.");
            case "cross_attention.in_proj_weight" -> stacked(layer + "encoder_attn.");
            case "self_attn.out_proj.weight" -> List.of(layer + "self_attn.out_proj.weight");
            case "cross_attention.out_proj.weight" -> List.of(layer + "encoder_attn.out_proj.weight");
            case "linear1.weight" -> List.of(layer + "fc1.weight");
            case "linear2.weight" -> List.of(layer + "fc2.weight");
            case "norm1.weight", "norm1.bias" -> norm(layer + "self_attn_layer_norm", name);
            case "norm_cross.weight", "norm_cross.bias" -> norm(layer + "encoder_attn_layer_norm", name);
            case "norm2.weight", "norm2.bias" -> norm(layer + "final_layer_norm", name);
            default -> List.of();
        };
    }

    private static List<String> stacked(String attention) {
        return List.of(attention + "q_proj.weight", attention + "k_proj.weight", attention + "v_proj.weight");
    }

    private static List<String> norm(String ours, String name) {
        return List.of(ours + name.substring(name.lastIndexOf('.')));
    }

    /** Numbers of heads that the width allows, from few to many. */
    public static List<Integer> possibleHeads(SafetensorsFile weights) {
        int width = weights.entry("out_norm.weight").size();
        return IntStream.rangeClosed(1, width)
                .filter(heads -> width % heads == 0 && width % 2 == 0)
                .boxed()
                .toList();
    }

    /**
     * Loads the decoder.
     *
     * @param maxPositions the most steps of a sequence
     * @throws InvalidFileException if a tensor is missing, has another size or is none of the decoder's
     */
    public static MusicTransformer load(SafetensorsFile weights, int heads, int maxPositions, Kernels kernels)
            throws IOException {
        MusicTransformer model = new MusicTransformer(kernels, config(weights, heads, maxPositions));
        int loaded = 0;
        for (String name : weights.names()) {
            List<String> parts = parameters(name);
            if (parts.isEmpty() && !name.startsWith(CONDITIONER)) {
                throw new InvalidFileException(weights.path(), "tensor " + name + " is none of a MusicGen decoder");
            }
            float[] values = weights.floats(name);
            for (int i = 0; i < parts.size(); i++) {
                int size = model.parameters().layout().entry(parts.get(i)).size();
                if (size * parts.size() != values.length) {
                    throw new InvalidFileException(
                            weights.path(),
                            "tensor " + name + " has shape "
                                    + weights.entry(name).shape() + ", but must have " + size * parts.size()
                                    + " elements");
                }
                kernels.write(
                        model.parameters().get(parts.get(i)), Arrays.copyOfRange(values, i * size, (i + 1) * size));
                loaded++;
            }
        }
        long wanted = model.parameters().layout().entries().stream()
                .filter(entry -> entry.name().startsWith("decoder."))
                .count();
        if (loaded != wanted) {
            throw new InvalidFileException(
                    weights.path(), "holds " + loaded + " of the decoder's " + wanted + " parameters");
        }
        return model;
    }

    /**
     * Adds the decoder under the names of the Hugging Face layout, with the projection of the text, as it is stored.
     *
     * @param weights open until the writer has written
     * @param heads number of heads; empty for heads of the width {@value #HEAD_WIDTH}
     * @param channels 2 for stereo, whose codebooks are those of left and right in turn
     * @return sizes of the decoder
     * @throws InvalidFileException if a tensor is none of a MusicGen model that reads text alone, or the heads do not fit
     */
    public static DecoderConfig addTo(
            SafetensorsWriter writer, SafetensorsFile weights, OptionalInt heads, int channels) {
        int width = weights.entry("out_norm.weight").size();
        int count = heads.orElse(width % HEAD_WIDTH == 0 ? width / HEAD_WIDTH : 0);
        if (count < 1 || width % count != 0) {
            throw new InvalidFileException(
                    weights.path(),
                    "a width of " + width + " cannot be cut into "
                            + (heads.isPresent() ? count + " heads" : "heads of 64")
                            + "; the file does not tell their number: give it by --heads");
        }
        for (String name : weights.names()) {
            SafetensorsFile.Entry entry = weights.entry(name);
            List<String> parts = name.startsWith(PROJECTION)
                    ? List.of(ParameterNames.PROJECTION + name.substring(PROJECTION.length()))
                    : parameters(name);
            if (parts.isEmpty()) {
                throw new InvalidFileException(
                        weights.path(),
                        "tensor " + name + " is none of a MusicGen model that is conditioned on text alone");
            }
            for (int i = 0; i < parts.size(); i++) {
                writer.copyPart(weights, entry, parts.get(i), i, parts.size());
            }
        }
        DecoderConfig mono = config(weights, count, POSITIONS).decoder();
        writer.add(
                ParameterNames.POSITIONS,
                SafetensorsWriter.Format.F32,
                List.of(POSITIONS, width),
                () -> Sinusoids.table(POSITIONS, width));
        return new DecoderConfig(
                mono.vocabulary(),
                mono.codebooks(),
                width,
                mono.feedForward(),
                mono.layers(),
                count,
                POSITIONS,
                Activation.GELU,
                channels);
    }

    /** Width of the states that the projection of the text reads; empty without projection. */
    public static OptionalInt projectedWidth(SafetensorsFile weights) {
        String name = PROJECTION + "weight";
        return weights.has(name) ? OptionalInt.of(weights.entry(name).shape().get(1)) : OptionalInt.empty();
    }

    private static ModelConfig config(SafetensorsFile weights, int heads, int maxPositions) {
        List<Integer> head = weights.entry("linears.0.weight").shape();
        int width = head.get(1);
        int feedForward =
                weights.entry("transformer.layers.0.linear1.weight").shape().get(0);
        DecoderConfig decoder = new DecoderConfig(
                head.get(0),
                count(weights, TABLE, 2),
                width,
                feedForward,
                count(weights, LAYER, 1),
                heads,
                maxPositions,
                Activation.GELU);
        // The smallest text encoder stands in for the one that the state dict does not have; it is never run.
        TextEncoderConfig none = new TextEncoderConfig(1, width, 1, 1, 1, 1, 4, 2, 1e-6, false);
        return new ModelConfig(Optional.of(none), decoder, Head.CODES, Optional.empty());
    }

    /** One more than the largest number in a group of a pattern. */
    private static int count(SafetensorsFile weights, Pattern pattern, int group) {
        return 1
                + weights.names().stream()
                        .map(pattern::matcher)
                        .filter(Matcher::matches)
                        .mapToInt(matcher -> Integer.parseInt(matcher.group(group)))
                        .max()
                        .orElse(0);
    }
}
