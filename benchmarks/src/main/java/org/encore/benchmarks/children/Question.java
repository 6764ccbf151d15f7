package org.encore.benchmarks.children;

/**
 * What the parent asks of a child.
 *
 * @param kind what to do
 * @param codes codes to do it with, {@code [B][T]}; empty where none are needed
 * @param sequences sequences to play
 * @param size steps to play, or rows of the matrices to multiply
 */
@SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
record Question(Kind kind, int[][] codes, int sequences, int size) {
    /** Kinds of questions, and what is answered. */
    enum Kind {
        /** The engine's description: text. */
        DESCRIPTION,
        /** {@link org.encore.benchmarks.engines.Engine.LossAndNorm} of known codes. */
        LOSS_AND_NORM,
        /** Mean cross-entropy of known codes: a number. */
        LOSS,
        /** {@link org.encore.benchmarks.engines.Engine.Decoded}. */
        PLAY,
        /** Operations a second of square products: a number. */
        PRODUCT_RATE,
        /** {@link Repetition} of the work that the child was started for. */
        REPETITION,
        /** What {@link org.encore.benchmarks.engines.Work#heapBytesPerStep} tells: a number, or NaN. */
        HEAP_BYTES_PER_STEP,
        /** The most memory the process has had, in bytes: a number. */
        PEAK_MEMORY
    }

    private static final int[][] NO_CODES = {};

    static Question of(Kind kind) {
        return new Question(kind, NO_CODES, 0, 0);
    }

    static Question about(Kind kind, int[][] codes) {
        return new Question(kind, codes, 0, 0);
    }

    static Question sized(Kind kind, int sequences, int size) {
        return new Question(kind, NO_CODES, sequences, size);
    }
}
