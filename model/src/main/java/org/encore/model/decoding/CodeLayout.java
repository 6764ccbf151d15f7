package org.encore.model.decoding;

import java.util.Arrays;

/**
 * How the frames of known codes become the steps of a pass: what goes in, what is to be predicted, and where each code is
 * predicted.
 */
public sealed interface CodeLayout permits DelayPattern, CodeLayout.RawFrames {
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

    /**
     * Frames as they are: all codebooks of a frame in one step, no start token, so that the first frame is not predicted.
     *
     * <p>No model here is trained on this. It is the input of the published loss-curve experiments, which it reproduces.
     *
     * @param codebooks codebooks K
     * @param startToken id that pads
     */
    record RawFrames(int codebooks, int startToken) implements CodeLayout {
        @Override
        public int steps(int frames) {
            return frames - 1;
        }

        @Override
        public int step(int codebook, int frame) {
            return frame == 0 ? DelayPattern.NO_TARGET : frame - 1;
        }

        @Override
        public int[][] inputs(int[][] codes) {
            return rows(codes, 0);
        }

        @Override
        public int[][] targets(int[][] codes) {
            return rows(codes, 1);
        }

        private int[][] rows(int[][] codes, int first) {
            int[][] rows = new int[codebooks][];
            for (int k = 0; k < codebooks; k++) {
                rows[k] = Arrays.copyOfRange(codes[k], first, first + steps(codes[k].length));
            }
            return rows;
        }
    }
}
