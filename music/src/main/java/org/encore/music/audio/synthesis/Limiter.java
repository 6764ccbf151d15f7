package org.encore.music.audio.synthesis;

import java.util.Arrays;

/**
 * Turns the volume down around peaks, gently enough not to be heard, and removes what is too low to be heard.
 *
 * <p>The gain is a line through points {@value #BLOCK} samples apart. A point is no higher than both blocks beside it
 * allow, so no sample passes the ceiling; before peaks it falls slowly, after them it rises more slowly.
 */
final class Limiter {
    private static final int BLOCK = 128;
    private static final float CEILING = 0.97f;

    /** Largest change of gain per block before and after a peak. */
    private static final float FALL = 0.12f;

    private static final float RISE = 0.012f;

    private static final double LOWEST_HERTZ = 24.0;

    private Limiter() {}

    /** Brings the buffer into [-1, 1] in place. */
    static void apply(float[] buffer, int sampleRate) {
        removeOffset(buffer, (float) Filters.onePoleFactor(LOWEST_HERTZ, sampleRate));
        float[] gains = allowed(buffer);
        for (int k = 1; k < gains.length; k++) {
            gains[k] = Math.min(gains[k], gains[k - 1] + RISE);
        }
        for (int k = gains.length - 2; k >= 0; k--) {
            gains[k] = Math.min(gains[k], gains[k + 1] + FALL);
        }
        for (int i = 0; i < buffer.length; i++) {
            int block = i / BLOCK;
            float part = (float) (i % BLOCK) / BLOCK;
            buffer[i] *= gains[block] + part * (gains[block + 1] - gains[block]);
        }
    }

    /** For each border of blocks the highest gain that suits the blocks on both sides. */
    private static float[] allowed(float[] buffer) {
        int blocks = (buffer.length + BLOCK - 1) / BLOCK;
        float[] gains = new float[blocks + 1];
        Arrays.fill(gains, 1.0f);
        for (int block = 0; block < blocks; block++) {
            float peak = 0.0f;
            for (int i = block * BLOCK; i < Math.min(buffer.length, (block + 1) * BLOCK); i++) {
                peak = Math.max(peak, Math.abs(buffer[i]));
            }
            float gain = peak > CEILING ? CEILING / peak : 1.0f;
            gains[block] = Math.min(gains[block], gain);
            gains[block + 1] = Math.min(gains[block + 1], gain);
        }
        return gains;
    }

    private static void removeOffset(float[] buffer, float factor) {
        float offset = 0.0f;
        for (int i = 0; i < buffer.length; i++) {
            offset += factor * (buffer[i] - offset);
            buffer[i] -= offset;
        }
    }
}
