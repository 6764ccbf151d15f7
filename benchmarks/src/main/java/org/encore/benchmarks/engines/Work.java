package org.encore.benchmarks.engines;

import java.util.Locale;
import org.encore.benchmarks.engines.Engine.Capacity;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.DecoderConfig;

/** What is timed. */
public enum Work {
    /** Forward, mean cross-entropy and backward over known codes. */
    TRAIN(8, 512) {
        @Override
        public double heapBytesPerStep(Engine engine, int[][] codes) {
            return engine.trainingStepHeapBytes(codes);
        }

        @Override
        public void run(Engine engine, int[][] codes) {
            engine.train(codes);
        }

        @Override
        public double operations(DecoderConfig decoder) {
            return 3.0 * forwardOperations(decoder);
        }
    },
    /** Sampling with a key/value cache. */
    DECODE(16, 512) {
        @Override
        public Capacity room() {
            return CHECK;
        }

        @Override
        public double heapBytesPerStep(Engine engine, int[][] codes) {
            return engine.tokenStepHeapBytes(sequences(), steps());
        }

        @Override
        public void run(Engine engine, int[][] codes) {
            engine.decode(sequences(), steps());
        }

        @Override
        public double operations(DecoderConfig decoder) {
            return forwardOperations(decoder);
        }
    },
    /**
     * One iteration of fine-tuning without rewards and optimiser: sampling, then over the samples one pass without
     * gradient (the reference) and two with (the value network and the policy).
     */
    ITERATION(16, 256) {
        @Override
        public void run(Engine engine, int[][] codes) {
            int[][] samples = engine.decode(sequences(), steps()).codes();
            engine.evaluate(samples);
            engine.train(samples);
            engine.train(samples);
        }

        @Override
        public double operations(DecoderConfig decoder) {
            return 8.0 * forwardOperations(decoder);
        }
    };

    /** What both engines must agree on before anything is timed: small, so that it does not show in the peak of memory. */
    public static final Capacity CHECK = new Capacity(4, 64);

    private final int sequences;
    private final int steps;

    Work(int sequences, int steps) {
        this.sequences = sequences;
        this.steps = steps;
    }

    /** The decoder that the work is done with. */
    public static DecoderConfig referenceDecoder() {
        return new DecoderConfig(2048, 1, 256, 1024, 6, 4, 512, Activation.GELU);
    }

    /** The model around it. */
    static ModelConfig model(DecoderConfig decoder) {
        return ModelConfig.withoutText(decoder, ModelConfig.Head.CODES);
    }

    /** Sequences B. */
    public int sequences() {
        return sequences;
    }

    /** Steps T of each. */
    public int steps() {
        return steps;
    }

    /** Codes that one repetition processes, B·T. */
    public int tokens() {
        return sequences * steps;
    }

    /** The largest pass over known codes. */
    public Capacity room() {
        return new Capacity(sequences, steps);
    }

    /** Codes to do it on, or to check it with. Shapes: {@code [B][T]} */
    public static int[][] codes(Capacity room) {
        return ReferenceWeights.codes(
                room.sequences(), room.steps(), referenceDecoder().vocabulary());
    }

    /** Name on the command line. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Does it once; {@code codes} are those to train on. Shapes: codes {@code [B][T]} */
    public abstract void run(Engine engine, int[][] codes);

    /**
     * Bytes that a step allocates on the Java heap: a training step, or a step of all sequences that are generated. NaN where
     * steps of different kinds are mixed, and for engines that do not measure it.
     */
    public double heapBytesPerStep(Engine engine, int[][] codes) {
        return Double.NaN;
    }

    /**
     * Multiplications and additions of all matrix products of one repetition; a backward pass counts as two forward
     * passes.
     */
    public abstract double operations(DecoderConfig decoder);

    /**
     * Products of one forward pass: every weight matrix once for each code, and for each step's query the keys and values
     * of the steps up to its own.
     */
    double forwardOperations(DecoderConfig d) {
        double block = 4.0 * d.width() * d.width() + 2.0 * d.width() * d.feedForward();
        double weights = d.layers() * block + (double) d.codebooks() * d.vocabulary() * d.width();
        double pairs = 0.5 * steps * (steps + 1.0);
        double attention = d.layers() * 2.0 * d.width() * pairs * sequences;
        return 2.0 * (weights * tokens() + attention);
    }
}
