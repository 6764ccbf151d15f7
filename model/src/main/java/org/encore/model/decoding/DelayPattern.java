package org.encore.model.decoding;

import java.util.Arrays;

/**
 * MusicGen's delay pattern (Copet et al. 2023, section 2.2): codebook k is delayed by k steps.
 *
 * <p>The prediction of codebook k in frame f sees codebook j up to frame {@code f + k - j - 1}.
 *
 * <p>A laid-out sequence has {@code F + K} columns: column 0 is the start token in every codebook; frame f of codebook k
 * stands in column {@code f + k + 1}; all other positions hold the start token too. Inputs are all columns but the last, targets all
 * but the first: {@code T = F + K - 1} steps. With one codebook this is plain next-code prediction.
 *
 * @param codebooks codebooks K
 * @param startToken id that starts and pads
 */
public record DelayPattern(int codebooks, int startToken) implements CodeLayout {
    /** Marks a step of a codebook that has no code to predict. */
    public static final int NO_TARGET = -1;

    @Override
    public int steps(int frames) {
        return frames + codebooks - 1;
    }

    @Override
    public int step(int codebook, int frame) {
        return frame + codebook;
    }

    /** Frames of a number of steps. */
    public int frames(int steps) {
        return steps - codebooks + 1;
    }

    /** True if codebook k has a code at a step of a sequence of {@code frames}. */
    public boolean hasCode(int codebook, int step, int frames) {
        return step >= codebook && step < codebook + frames;
    }

    @Override
    public int[][] inputs(int[][] codes) {
        int frames = codes[0].length;
        int[][] inputs = new int[codebooks][steps(frames)];
        for (int k = 0; k < codebooks; k++) {
            Arrays.fill(inputs[k], startToken);
            System.arraycopy(codes[k], 0, inputs[k], k + 1, Math.min(frames, steps(frames) - k - 1));
        }
        return inputs;
    }

    @Override
    public int[][] targets(int[][] codes) {
        int frames = codes[0].length;
        int[][] targets = new int[codebooks][steps(frames)];
        for (int k = 0; k < codebooks; k++) {
            Arrays.fill(targets[k], NO_TARGET);
            System.arraycopy(codes[k], 0, targets[k], k, frames);
        }
        return targets;
    }

    /**
     * The codes in a sequence of targets.
     *
     * @param targets {@code [K][T]}
     * @return {@code [K][F]}
     */
    public int[][] codes(int[][] targets) {
        int frames = frames(targets[0].length);
        int[][] codes = new int[codebooks][];
        for (int k = 0; k < codebooks; k++) {
            codes[k] = Arrays.copyOfRange(targets[k], k, k + frames);
        }
        return codes;
    }
}
