package org.encore.model.decoding;

import java.util.Arrays;
import org.encore.model.transformer.ModelConfig.DecoderConfig;

/**
 * MusicGen's delay pattern (Copet et al. 2023, section 2.2): codebook k is delayed by {@code d(k) = k} steps.
 *
 * <p>Stereo models interleave the codebooks of the left and the right channel, and delay the two of a pair alike: {@code
 * d(k) = k / C} with C = 2 channels, rounded down.
 *
 * <p>The prediction of codebook k in frame f sees codebook j up to frame {@code f + d(k) - d(j) - 1}.
 *
 * <p>A laid-out sequence has {@code F + K / C} columns: column 0 is the start token in every codebook; frame f of codebook k
 * stands in column {@code f + d(k) + 1}; all other positions hold the start token too. Inputs are all columns but the last,
 * targets all but the first: {@code T = F + K / C - 1} steps. With one codebook this is plain next-code prediction.
 *
 * @param codebooks codebooks K of all channels
 * @param channels audio channels C, of which K is a multiple
 * @param startToken id that starts and pads
 */
public record DelayPattern(int codebooks, int channels, int startToken) implements CodeLayout {
    /** Marks a step of a codebook that has no code to predict. */
    public static final int NO_TARGET = -1;

    public DelayPattern {
        if (channels < 1 || codebooks % channels != 0) {
            throw new IllegalArgumentException(
                    "codebooks is " + codebooks + ", but must be a multiple of the channels, which are " + channels);
        }
    }

    /** The pattern of a mono model. */
    public DelayPattern(int codebooks, int startToken) {
        this(codebooks, 1, startToken);
    }

    /** The pattern of a decoder. */
    public static DelayPattern of(DecoderConfig decoder) {
        return new DelayPattern(decoder.codebooks(), decoder.audioChannels(), decoder.startToken());
    }

    /** The delay of a codebook, in steps. */
    private int delay(int codebook) {
        return codebook / channels;
    }

    /** The largest delay. */
    private int maxDelay() {
        return codebooks / channels - 1;
    }

    @Override
    public int steps(int frames) {
        return frames + maxDelay();
    }

    @Override
    public int step(int codebook, int frame) {
        return frame + delay(codebook);
    }

    /** The frame whose code of a codebook is predicted at a step; negative before the first. */
    public int frame(int codebook, int step) {
        return step - delay(codebook);
    }

    /** Frames of a number of steps; 0 or less if the last codebook has no code yet. */
    public int frames(int steps) {
        return steps - maxDelay();
    }

    /** True if codebook k has a code at a step of a sequence of {@code frames}. */
    public boolean hasCode(int codebook, int step, int frames) {
        return step >= delay(codebook) && step < delay(codebook) + frames;
    }

    @Override
    public int[][] inputs(int[][] codes) {
        int frames = codes[0].length;
        int[][] inputs = new int[codebooks][steps(frames)];
        for (int k = 0; k < codebooks; k++) {
            Arrays.fill(inputs[k], startToken);
            int first = delay(k) + 1;
            System.arraycopy(codes[k], 0, inputs[k], first, Math.min(frames, steps(frames) - first));
        }
        return inputs;
    }

    @Override
    public int[][] targets(int[][] codes) {
        int frames = codes[0].length;
        int[][] targets = new int[codebooks][steps(frames)];
        for (int k = 0; k < codebooks; k++) {
            Arrays.fill(targets[k], NO_TARGET);
            System.arraycopy(codes[k], 0, targets[k], delay(k), frames);
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
            codes[k] = Arrays.copyOfRange(targets[k], delay(k), delay(k) + frames);
        }
        return codes;
    }
}
