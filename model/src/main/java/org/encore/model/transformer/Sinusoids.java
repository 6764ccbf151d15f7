package org.encore.model.transformer;

/** MusicGen's positions: cosines in the first half of the width, sines in the second. */
public final class Sinusoids {
    private Sinusoids() {}

    /**
     * The table of positions.
     *
     * @return {@code cos(p ω_i)} at column i and {@code sin(p ω_i)} at column i + D/2, with {@code ω_i = 10000^(-i / (D/2 -
     *     1))}; row-major {@code [steps, D]}
     */
    public static float[] table(int steps, int width) {
        int half = width / 2;
        float[] table = new float[steps * width];
        for (int i = 0; i < half; i++) {
            double frequency = StrictMath.exp(-i * StrictMath.log(10000.0) / Math.max(half - 1, 1));
            for (int p = 0; p < steps; p++) {
                table[p * width + i] = (float) StrictMath.cos(p * frequency);
                table[p * width + half + i] = (float) StrictMath.sin(p * frequency);
            }
        }
        return table;
    }
}
