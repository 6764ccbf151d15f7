package org.encore.model.decoding;

import java.util.Arrays;

/**
 * The layout of known codes as steps of a pass: inputs, targets, and the step that predicts each code.
 */
public sealed interface CodeLayout permits DelayPattern, CodeLayout.RawFrames {
    /** Codebooks K. */
    int codebooks();

    /** Id of positions without a code. */
    int startToken();

    /** Steps of a number of frames. */
    int steps(int frames);

    /** The step at which a code is predicted; {@link DelayPattern#NO_TARGET} if no step does. */
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
     * No delay: all codebooks of a frame in one step and no start token, so the first frame is not predicted.
     *
     * <p>No model is trained on this layout. It reproduces the inputs of the published loss-curve experiments.
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
