package org.encore.model.encodec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.encore.base.files.InvalidFileException;
import org.encore.base.random.RandomStreams;
import org.encore.model.encodec.EncodecConfig.KernelWidths;
import org.encore.model.encodec.EncodecConfig.PadMode;
import org.encore.model.kernels.Kernels;

/** Small codecs of every kind, with random weights as a checkpoint has them. */
final class TinyCodecs {
    private TinyCodecs() {}

    /** A configuration with its name in reports. */
    record Kind(String name, EncodecConfig config) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Kind> all() {
        return Stream.of(
                new Kind("as MusicGen", base()),
                new Kind("odd ratios, zeros", with(List.of(3, 5), false, PadMode.CONSTANT, 1.0, 1, false)),
                new Kind("edges, shortcut", with(List.of(2, 4), false, PadMode.REPLICATE, 1.0, 1, true)),
                new Kind("causal, as EnCodec at 24 kHz", with(List.of(4, 3, 2), true, PadMode.REFLECT, 1.0, 1, true)),
                new Kind("causal, trimmed at both sides", with(List.of(5, 2), true, PadMode.CONSTANT, 0.5, 2, false)),
                new Kind("causal, trimmed at the left", with(List.of(2, 2), true, PadMode.REPLICATE, 0.0, 1, false)),
                new Kind("dilated blocks", with(List.of(4, 2), false, PadMode.REFLECT, 1.0, 3, true)),
                new Kind("no blocks, a ratio of 1", with(List.of(1, 3), false, PadMode.REFLECT, 1.0, 0, false)),
                new Kind("two channels, other widths", other()));
    }

    private static EncodecConfig base() {
        return with(List.of(4, 3, 2), false, PadMode.REFLECT, 1.0, 1, false);
    }

    private static EncodecConfig with(
            List<Integer> ratios, boolean causal, PadMode mode, double trim, int blocks, boolean shortcut) {
        KernelWidths widths = new KernelWidths(7, 7, 3);
        return new EncodecConfig(16_000, 1, 6, 4, blocks, ratios, widths, 2, causal, mode, 2, 2, trim, shortcut, 3, 16);
    }

    private static EncodecConfig other() {
        KernelWidths widths = new KernelWidths(5, 3, 4);
        return new EncodecConfig(
                8_000, 2, 5, 6, 2, List.of(3, 2), widths, 3, false, PadMode.REFLECT, 3, 1, 1.0, true, 2, 9);
    }

    /** Tensors of a checkpoint, under the names of the Hugging Face layout. */
    static Map<String, Tensor> checkpoint(EncodecConfig c, long seed) {
        RandomGenerator random = new RandomStreams(seed).stream(RandomStreams.Purpose.NOISE);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Stream.concat(LayerSpec.encoder(c).stream(), LayerSpec.decoder(c).stream())
                .forEach(layer -> add(tensors, layer, random));
        for (int k = 0; k < c.codebooks(); k++) {
            put(tensors, "quantizer.layers." + k + ".codebook.embed", random, c.codebookSize(), c.hidden());
        }
        return tensors;
    }

    /** A tensor's shape and values. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Tensor(List<Integer> shape, float[] values) {}

    private static void add(Map<String, Tensor> tensors, LayerSpec layer, RandomGenerator random) {
        if (layer instanceof LayerSpec.Conv conv) {
            normed(tensors, conv.name(), random, conv.out(), conv.in(), conv.kernel());
            put(tensors, conv.name() + ".bias", random, conv.out());
        } else if (layer instanceof LayerSpec.TransposedConv conv) {
            normed(tensors, conv.name(), random, conv.in(), conv.out(), conv.kernel());
            put(tensors, conv.name() + ".bias", random, conv.out());
        } else if (layer instanceof LayerSpec.Recurrent lstm) {
            for (int i = 0; i < lstm.layers(); i++) {
                put(tensors, lstm.name() + ".weight_ih_l" + i, random, 4 * lstm.out(), lstm.out());
                put(tensors, lstm.name() + ".weight_hh_l" + i, random, 4 * lstm.out(), lstm.out());
                put(tensors, lstm.name() + ".bias_ih_l" + i, random, 4 * lstm.out());
                put(tensors, lstm.name() + ".bias_hh_l" + i, random, 4 * lstm.out());
            }
        } else if (layer instanceof LayerSpec.Residual block) {
            add(tensors, block.first(), random);
            add(tensors, block.second(), random);
            block.shortcut().ifPresent(shortcut -> add(tensors, shortcut, random));
        }
    }

    private static void normed(Map<String, Tensor> tensors, String name, RandomGenerator random, int... shape) {
        put(tensors, name + ".weight_g", random, shape[0], 1, 1);
        put(tensors, name + ".weight_v", random, shape[0], shape[1], shape[2]);
    }

    private static void put(Map<String, Tensor> tensors, String name, RandomGenerator random, int... shape) {
        int size = 1;
        for (int each : shape) {
            size *= each;
        }
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = 0.5f * (float) random.nextGaussian();
        }
        tensors.put(name, new Tensor(Arrays.stream(shape).boxed().toList(), values));
    }

    /** The same numbers for plain loops. */
    static Map<String, double[]> doubles(Map<String, Tensor> tensors) {
        Map<String, double[]> result = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            double[] values = new double[tensor.values().length];
            for (int i = 0; i < values.length; i++) {
                values[i] = tensor.values()[i];
            }
            result.put(name, values);
        });
        return result;
    }

    static EncodecModel model(Kernels kernels, EncodecConfig config, Map<String, Tensor> tensors) throws IOException {
        return EncodecModel.load(source(tensors), new EncodecConfigFile(config, ""), kernels);
    }

    static WeightSource source(Map<String, Tensor> tensors) {
        return new WeightSource() {
            @Override
            public Path path() {
                return Path.of("tiny.safetensors");
            }

            @Override
            public Set<String> names() {
                return tensors.keySet();
            }

            @Override
            public List<Integer> shape(String name) {
                if (!tensors.containsKey(name)) {
                    throw new InvalidFileException(path(), "tensor " + name + " is missing");
                }
                return tensors.get(name).shape();
            }

            @Override
            public float[] floats(String name) {
                return tensors.get(name).values().clone();
            }
        };
    }

    /** Random numbers {@code [channels][steps]}. */
    static double[][] noise(long seed, int channels, int steps) {
        RandomGenerator random = new RandomStreams(seed).stream(RandomStreams.Purpose.NOISE);
        double[][] x = new double[channels][steps];
        for (double[] row : x) {
            for (int t = 0; t < steps; t++) {
                row[t] = (float) random.nextGaussian();
            }
        }
        return x;
    }

    /** Channels first to rows, several sequences one after the other. */
    static double[] rows(double[][]... sequences) {
        int steps = sequences[0][0].length;
        int channels = sequences[0].length;
        double[] rows = new double[sequences.length * steps * channels];
        for (int b = 0; b < sequences.length; b++) {
            for (int c = 0; c < channels; c++) {
                for (int t = 0; t < steps; t++) {
                    rows[(b * steps + t) * channels + c] = sequences[b][c][t];
                }
            }
        }
        return rows;
    }
}
