package org.encore.music.audio;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How loud a sound is to listeners, and sounds made equally loud. Louder is taken for better, so that what listeners compare
 * should not differ in it.
 *
 * <p>Integrated loudness of ITU-R BS.1770-4, annex 1: K-weighting (a shelf for the head, a high pass), mean square of blocks of
 * 400 ms that overlap by 75 %, blocks below -70 LUFS and blocks 10 LU below the mean of the others left out. The standard
 * gives the filters at 48 kHz; at other rates they have the same analogue prototypes, warped at their corners. Every channel has
 * weight 1, as left, right and centre have. Ours: a sound shorter than a block is one block, and the shelf is left out below
 * 4 kHz, where its corner does not fit.
 *
 * @see <a href="https://www.itu.int/rec/R-REC-BS.1770-4-201510-S/en">Recommendation ITU-R BS.1770-4</a>
 */
public final class Loudness {
    /** The level of programmes by EBU R 128, in LUFS. */
    public static final double STANDARD = -23.0;

    /** The highest sample of a sound that was made louder, as EBU R 128 limits peaks: -1 dB of full scale. */
    public static final double CEILING = Math.pow(10.0, -1.0 / 20.0);

    private static final double OFFSET = -0.691;
    private static final double ABSOLUTE_GATE = -70.0;
    private static final double RELATIVE_GATE = -10.0;
    private static final double BLOCK_SECONDS = 0.4;
    private static final int STEPS_A_BLOCK = 4;

    private Loudness() {}

    /** The integrated loudness of a sound in LUFS; negative infinity if all of it is below the gate. */
    public static double of(Waveform sound) {
        return gated(blocks(sound));
    }

    /**
     * Checks a level of a configuration.
     *
     * @throws IllegalArgumentException if it is neither 0, which leaves sounds as they are, nor in [-60, -10]
     */
    public static void requireTarget(String name, double target) {
        if (target != 0.0 && !(target >= -60.0 && target <= -10.0)) {
            throw new IllegalArgumentException(
                    name + " is " + target + ", but must lie in [-60, -10] LUFS, or be 0 to leave sounds as they are");
        }
    }

    /**
     * A sound at a level.
     *
     * @param sound as it is now; what is not changed is returned itself
     * @param target in LUFS; 0 leaves the sound as it is
     * @return the sound by one factor for all samples, so that it has the level, or its highest sample is {@link #CEILING}:
     *     nothing is clipped or compressed. Silence stays silence
     */
    public static Waveform matched(Waveform sound, double target) {
        double level = of(sound);
        if (target == 0.0 || Double.isInfinite(level)) {
            return sound;
        }
        double factor = Math.pow(10.0, Math.min(target - level, headroom(sound)) / 20.0);
        List<float[]> channels = new ArrayList<>();
        for (int channel = 0; channel < sound.channels(); channel++) {
            float[] samples = sound.channel(channel).clone();
            for (int i = 0; i < samples.length; i++) {
                samples[i] *= (float) factor;
            }
            channels.add(samples);
        }
        return new Waveform(channels, sound.sampleRate());
    }

    /** The highest level that a sound has without exceeding {@link #CEILING}, in LUFS; infinite if it is silent. */
    public static double reachable(Waveform sound) {
        double level = of(sound);
        return Double.isInfinite(level) ? Double.POSITIVE_INFINITY : level + headroom(sound);
    }

    /** How much louder a sound that is not silent may become, in dB. */
    private static double headroom(Waveform sound) {
        double peak = 0.0;
        for (int channel = 0; channel < sound.channels(); channel++) {
            for (float sample : sound.channel(channel)) {
                peak = Math.max(peak, Math.abs(sample));
            }
        }
        return 20.0 * Math.log10(CEILING / peak);
    }

    private static double gated(double[] blocks) {
        double[] heard = Arrays.stream(blocks)
                .filter(power -> level(power) > ABSOLUTE_GATE)
                .toArray();
        double mean = Arrays.stream(heard).average().orElse(0.0);
        double gate = level(mean) + RELATIVE_GATE;
        return level(Arrays.stream(heard)
                .filter(power -> level(power) > gate)
                .average()
                .orElse(0.0));
    }

    private static double level(double power) {
        return power > 0.0 ? OFFSET + 10.0 * Math.log10(power) : Double.NEGATIVE_INFINITY;
    }

    /** The mean square of each block, summed over channels. */
    private static double[] blocks(Waveform sound) {
        int frames = sound.channel(0).length;
        int step = Math.max(1, (int) Math.round(BLOCK_SECONDS * sound.sampleRate() / STEPS_A_BLOCK));
        int block = Math.min(step * STEPS_A_BLOCK, frames);
        int count = block == 0 ? 0 : (frames - block) / step + 1;
        double[] powers = new double[count];
        for (int channel = 0; channel < sound.channels(); channel++) {
            double[] sums = sumsOfSquares(sound.channel(channel), sound.sampleRate());
            for (int b = 0; b < count; b++) {
                powers[b] += (sums[b * step + block] - sums[b * step]) / block;
            }
        }
        return powers;
    }

    /** Of the weighted samples: entry {@code i} is the sum of the squares of the first {@code i}. */
    private static double[] sumsOfSquares(float[] samples, int sampleRate) {
        Biquad shelf = sampleRate < Biquad.LOWEST_RATE ? Biquad.NONE : Biquad.shelf(sampleRate);
        Biquad highPass = Biquad.highPass(sampleRate);
        double[] first = new double[2];
        double[] second = new double[2];
        double[] sums = new double[samples.length + 1];
        for (int i = 0; i < samples.length; i++) {
            double weighted = highPass.next(shelf.next(samples[i], first), second);
            sums[i + 1] = sums[i] + weighted * weighted;
        }
        return sums;
    }

    /**
     * A filter of second order, {@code a0} being 1.
     *
     * @param b0 factor of the sample
     * @param b1 factor of the sample before
     * @param b2 factor of the sample before that
     * @param a1 factor of the last result, subtracted
     * @param a2 factor of the result before, subtracted
     */
    record Biquad(double b0, double b1, double b2, double a1, double a2) {
        /** Leaves sound as it is. */
        static final Biquad NONE = new Biquad(1.0, 0.0, 0.0, 0.0, 0.0);

        static final int LOWEST_RATE = 4000;

        // The analogue prototypes whose filters at 48 kHz are those of the standard, to its 14 digits.
        private static final double SHELF_HERTZ = 1681.974450955533;
        private static final double SHELF_DECIBELS = 3.999843853973347;
        private static final double SHELF_QUALITY = 0.7071752369554196;
        private static final double SHELF_MIDDLE = 0.4996667741545416;
        private static final double HIGH_PASS_HERTZ = 38.13547087602444;
        private static final double HIGH_PASS_QUALITY = 0.5003270373238773;

        /** The first stage: the head lifts high frequencies by 4 dB. */
        static Biquad shelf(int sampleRate) {
            double k = Math.tan(Math.PI * SHELF_HERTZ / sampleRate);
            double high = Math.pow(10.0, SHELF_DECIBELS / 20.0);
            double middle = Math.pow(high, SHELF_MIDDLE);
            double a0 = 1.0 + k / SHELF_QUALITY + k * k;
            return new Biquad(
                    (high + middle * k / SHELF_QUALITY + k * k) / a0,
                    2.0 * (k * k - high) / a0,
                    (high - middle * k / SHELF_QUALITY + k * k) / a0,
                    2.0 * (k * k - 1.0) / a0,
                    (1.0 - k / SHELF_QUALITY + k * k) / a0);
        }

        /** The second stage: the ear hears low frequencies less. The standard does not scale its numerator. */
        static Biquad highPass(int sampleRate) {
            double k = Math.tan(Math.PI * HIGH_PASS_HERTZ / sampleRate);
            double a0 = 1.0 + k / HIGH_PASS_QUALITY + k * k;
            return new Biquad(1.0, -2.0, 1.0, 2.0 * (k * k - 1.0) / a0, (1.0 - k / HIGH_PASS_QUALITY + k * k) / a0);
        }

        /** The next result; {@code state} holds two numbers between calls, 0 at first (transposed direct form II). */
        double next(double sample, double[] state) {
            double result = b0 * sample + state[0];
            state[0] = b1 * sample - a1 * result + state[1];
            state[1] = b2 * sample - a2 * result;
            return result;
        }
    }
}
