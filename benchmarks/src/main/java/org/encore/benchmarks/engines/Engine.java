package org.encore.benchmarks.engines;

/** One implementation of the decoder under test, with the weights of {@link ReferenceWeights}. */
public interface Engine extends AutoCloseable {
    /** Library and version. */
    String description();

    /**
     * States of the text that every sequence reads, at the decoder's width; empty without text, or for an engine that does not
     * compute them. Shapes: {@code [S · D]}
     */
    default float[] textStates() {
        return new float[0];
    }

    /** Takes the states of the text from the other engine. */
    default void readText(float[] states) {}

    /** Generates step by step with a key/value cache; each sequence samples from the whole distribution. */
    Decoded decode(int sequences, int steps);

    /** {@link #decode} that also keeps what each code was sampled with. */
    Decoded decodeWithLogProbs(int sequences, int steps);

    /** One pass over known codes without anything kept for a gradient; returns the mean cross-entropy in nats. */
    double evaluate(int[][] codes);

    /**
     * Forward, mean cross-entropy, backward; the gradient is cleared before or after. Returns the mean cross-entropy in nats.
     */
    double train(int[][] codes);

    /** {@link #train}, and the gradient's norm over all weights. */
    LossAndNorm trainWithNorm(int[][] codes);

    /**
     * Bytes that a training step allocates on the Java heap, on known codes that are already laid out: forward, loss, backward,
     * gradient cleared. NaN if the engine does not measure it.
     */
    default double trainingStepHeapBytes(int[][] codes) {
        return Double.NaN;
    }

    /**
     * Bytes that a step of generation allocates on the Java heap, for all sequences together. NaN if the engine does not
     * measure it.
     */
    default double tokenStepHeapBytes(int sequences, int steps) {
        return Double.NaN;
    }

    /** Multiplies single-precision square matrices of this size on all cores; returns floating-point operations a second. */
    double productRate(int size);

    /**
     * Loss and gradient norm of a pass.
     *
     * @param loss mean cross-entropy in nats
     * @param gradientNorm root of the sum of squares of all gradients
     */
    record LossAndNorm(double loss, double gradientNorm) {}

    /**
     * Generated codes.
     *
     * @param codes {@code [B·K][F]}
     * @param meanLogProb mean log-probability that the codes were sampled with, in nats; NaN if the engine does not keep it
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    record Decoded(int[][] codes, double meanLogProb) {}

    @Override
    void close();

    /**
     * The largest pass an engine is made for.
     *
     * @param sequences sequences B
     * @param steps steps T of each
     */
    record Capacity(int sequences, int steps) {
        public Capacity {
            if (sequences < 1 || steps < 1) {
                throw new IllegalArgumentException(
                        "sequences and steps must be at least 1, but are " + sequences + " and " + steps);
            }
        }
    }
}
