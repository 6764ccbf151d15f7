package org.encore.benchmarks.engines;

import java.util.List;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.benchmarks.engines.Task.ReferenceModel;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.ParameterLayout;

/**
 * Weights and codes that every engine computes by itself, in whatever process it runs.
 *
 * <p>Matrices have variance 1 / columns, so that attention and logits are far from uniform and a difference shows in the loss.
 */
final class ReferenceWeights {
    private static final long SEED = 1;
    private static final double SPREAD_OF_NORMS = 0.1;
    private static final long POSITIONS = -1;
    private static final RandomStreams STREAMS = new RandomStreams(SEED);

    private final ParameterLayout layout;
    private final DecoderConfig decoder;

    ReferenceWeights(ReferenceModel model) {
        this.decoder = model.decoder();
        this.layout = ParameterLayout.of(model.config());
    }

    /** A parameter under its name in the checkpoint, row-major, made anew: kept, they would show in the peak of memory. */
    float[] get(String name) {
        return of(layout.entry(name));
    }

    /** Names of all of them. */
    List<String> names() {
        return layout.entries().stream().map(ParameterLayout.Entry::name).toList();
    }

    /** What is added to the states by position. Shapes: {@code [maxPositions, D]}, row-major */
    float[] positions() {
        return gaussians(POSITIONS, decoder.maxPositions() * decoder.width(), 0.0, 1.0 / Math.sqrt(decoder.width()));
    }

    /** Codes to train on. Shapes: {@code [B][T]} */
    static int[][] codes(int sequences, int steps, int vocabulary) {
        int[][] codes = new int[sequences][];
        for (int b = 0; b < sequences; b++) {
            codes[b] = STREAMS.stream(Purpose.COMPOSITION, b)
                    .ints(steps, 0, vocabulary)
                    .toArray();
        }
        return codes;
    }

    /** The randomness that a sequence is sampled with. */
    static RandomGenerator sampling(int sequence) {
        return STREAMS.stream(Purpose.SAMPLING, sequence);
    }

    private static float[] of(ParameterLayout.Entry entry) {
        if (entry.name().endsWith("norm.weight")) {
            return gaussians(entry.offset(), entry.size(), 1.0, SPREAD_OF_NORMS);
        }
        double deviation = entry.name().endsWith("bias") ? SPREAD_OF_NORMS : 1.0 / Math.sqrt(entry.columns());
        return gaussians(entry.offset(), entry.size(), 0.0, deviation);
    }

    private static float[] gaussians(long stream, int count, double mean, double deviation) {
        RandomGenerator random = STREAMS.stream(Purpose.INITIALISATION, stream);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (mean + deviation * random.nextGaussian());
        }
        return values;
    }
}
