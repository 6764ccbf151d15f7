package org.encore.benchmarks.engines;

import java.util.Locale;
import org.encore.benchmarks.engines.Engine.Capacity;

/** What is timed. */
public enum Work {
    /** Forward, mean cross-entropy and backward over known codes. */
    TRAIN(3) {
        @Override
        double heapBytesPerStep(Engine engine, Capacity size, int[][] codes) {
            return engine.trainingStepHeapBytes(codes);
        }

        @Override
        void run(Engine engine, Capacity size, int[][] codes) {
            engine.train(codes);
        }
    },
    /** Sampling with a key/value cache. */
    DECODE(1) {
        @Override
        double heapBytesPerStep(Engine engine, Capacity size, int[][] codes) {
            return engine.tokenStepHeapBytes(size.sequences(), size.steps());
        }

        @Override
        void run(Engine engine, Capacity size, int[][] codes) {
            engine.decode(size.sequences(), size.steps());
        }
    },
    /**
     * One iteration of fine-tuning without rewards and optimiser: sampling, then over the samples one pass without
     * gradient (the reference) and two with (the value network and the policy).
     */
    ITERATION(8) {
        @Override
        void run(Engine engine, Capacity size, int[][] codes) {
            int[][] samples = engine.decode(size.sequences(), size.steps()).codes();
            engine.evaluate(samples);
            engine.train(samples);
            engine.train(samples);
        }
    };

    private final int forwardPasses;

    Work(int forwardPasses) {
        this.forwardPasses = forwardPasses;
    }

    /** Name on the command line. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Operations as a number of passes forward; a backward pass counts as two. */
    double forwardPasses() {
        return forwardPasses;
    }

    /** Does it once; {@code codes} are those to train on. */
    abstract void run(Engine engine, Capacity size, int[][] codes);

    /** As in {@link Task#heapBytesPerStep}. */
    double heapBytesPerStep(Engine engine, Capacity size, int[][] codes) {
        return Double.NaN;
    }
}
