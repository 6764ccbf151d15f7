package org.encore.benchmarks.codec;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.encore.base.random.RandomStreams;
import org.encore.model.encodec.EncodecConfig;
import org.encore.model.encodec.EncodecParameters;
import org.encore.model.encodec.LayerSpec;
import org.encore.model.encodec.LayerSpec.Conv;
import org.encore.model.encodec.LayerSpec.Recurrent;
import org.encore.model.encodec.LayerSpec.Residual;
import org.encore.model.encodec.LayerSpec.TransposedConv;
import org.encore.model.encodec.WeightSource;

/** MusicGen's codec with random weights, uniform in ±1/√inputs; the same in every process. */
final class ReferenceCodec implements WeightSource {
    private static final int SEED = 11;

    private final EncodecConfig config = EncodecConfig.musicGen();
    private final Map<String, List<Integer>> shapes = new LinkedHashMap<>();

    ReferenceCodec() {
        layers().forEach(this::add);
        for (int k = 0; k < config.codebooks(); k++) {
            shapes.put(EncodecParameters.codebook(k), List.of(config.codebookSize(), config.hidden()));
        }
    }

    EncodecConfig config() {
        return config;
    }

    private Stream<LayerSpec> layers() {
        return Stream.concat(LayerSpec.encoder(config).stream(), LayerSpec.decoder(config).stream());
    }

    private void add(LayerSpec layer) {
        if (layer instanceof Conv c) {
            shapes.put(c.name() + ".weight", List.of(c.out(), c.in(), c.kernel()));
            shapes.put(c.name() + ".bias", List.of(c.out()));
        } else if (layer instanceof TransposedConv c) {
            shapes.put(c.name() + ".weight", List.of(c.in(), c.out(), c.kernel()));
            shapes.put(c.name() + ".bias", List.of(c.out()));
        } else if (layer instanceof Recurrent r) {
            for (int i = 0; i < r.layers(); i++) {
                shapes.put(r.name() + ".weight_ih_l" + i, List.of(4 * r.out(), r.out()));
                shapes.put(r.name() + ".weight_hh_l" + i, List.of(4 * r.out(), r.out()));
                shapes.put(r.name() + ".bias_ih_l" + i, List.of(4 * r.out()));
                shapes.put(r.name() + ".bias_hh_l" + i, List.of(4 * r.out()));
            }
        } else if (layer instanceof Residual r) {
            add(r.first());
            add(r.second());
            r.shortcut().ifPresent(this::add);
        }
    }

    @Override
    public Path path() {
        return Path.of("random weights");
    }

    @Override
    public Set<String> names() {
        return shapes.keySet();
    }

    @Override
    public List<Integer> shape(String name) {
        return shapes.get(name);
    }

    @Override
    public float[] floats(String name) {
        List<Integer> shape = shapes.get(name);
        int size = shape.stream().reduce(1, Math::multiplyExact);
        // Codebooks of the width of latent frames, so that codes are not all alike.
        double bound = 1.0 / Math.sqrt(Math.max(16.0, (double) size / shape.get(0)));
        RandomGenerator random = new RandomStreams(SEED).stream(RandomStreams.Purpose.NOISE, name.hashCode());
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (bound * (2.0 * random.nextFloat() - 1.0));
        }
        return values;
    }

    /** Random codes. Shapes: {@code [K][F]} */
    int[][] codes(int frames) {
        RandomGenerator random = new RandomStreams(SEED).stream(RandomStreams.Purpose.NOISE, -1);
        int[][] codes = new int[config.codebooks()][frames];
        for (int[] row : codes) {
            for (int f = 0; f < frames; f++) {
                row[f] = random.nextInt(config.codebookSize());
            }
        }
        return codes;
    }

    /** Noise. */
    float[] sound(int samples) {
        RandomGenerator random = new RandomStreams(SEED).stream(RandomStreams.Purpose.NOISE, -2);
        float[] sound = new float[samples];
        for (int i = 0; i < samples; i++) {
            sound[i] = 0.3f * (float) random.nextGaussian();
        }
        return sound;
    }

    /** Multiplications and additions of the products of one side of the codec for a number of frames; codebooks left out. */
    double operations(CodecSide.Work work, int frames) {
        boolean decode = work == CodecSide.Work.DECODE;
        List<LayerSpec> layers = decode ? LayerSpec.decoder(config) : LayerSpec.encoder(config);
        return LayerSpec.operations(layers, decode ? frames : (double) frames * config.hop());
    }
}
