package org.encore.model.decoding;

/**
 * How the frames of known codes become the steps of a pass: what goes in, what is to be predicted, and where each code is
 * predicted.
 */
public sealed interface CodeLayout permits DelayPattern, RawFrames {
    /** Codebooks K. */
    int codebooks();

    /** Id that stands where there is no code. */
    int startToken();

    /** Steps that a number of frames takes. */
    int steps(int frames);

    /** The step at which a code is predicted; {@link DelayPattern#NO_TARGET} if none predicts it. */
    int step(int codebook, int frame);

    /**
     * Input ids.
     *
     * @param codes {@code [K][F]}
     * @return {@code [K][T]}
     */
    int[][] inputs(int[][] codes);

    /**
     * Codes to predict.
     *
     * @param codes {@code [K][F]}
     * @return {@code [K][T]}, {@link DelayPattern#NO_TARGET} where there is none
     */
    int[][] targets(int[][] codes);
}
