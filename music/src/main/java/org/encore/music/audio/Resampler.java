package org.encore.music.audio;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Changes sample rates: a low-pass filter, a sinc under a Hann window, evaluated where the new samples lie.
 *
 * <p>Frequencies up to four fifths of half the lower rate pass unchanged; those a tenth above half of it do not pass.
 * Immutable, hence safe to use from several threads.
 */
public final class Resampler {
    /** Zeros of the sinc to each side of its middle. */
    private static final int ZEROS = 16;

    /** Share of half the lower rate at which the filter has lost half of the amplitude. */
    private static final double CUT_OFF = 0.93;

    /** The most positions between two samples with their own coefficients; ratios that need more are rounded. */
    private static final int MOST_PHASES = 4096;

    /** Samples that fit the first-level cache. */
    private static final int BLOCK = 2048;

    private final int from;
    private final int to;
    private final int phases;
    private final int reach;
    private final float[][] coefficients;

    /**
     * Prepares a change of rate.
     *
     * @param from samples a second of the input, at least 1
     * @param to samples a second of the output, at least 1
     */
    public Resampler(int from, int to) {
        if (from < 1 || to < 1) {
            throw new IllegalArgumentException(
                    "from is " + from + " and to is " + to + ", but both must be at least 1");
        }
        this.from = from;
        this.to = to;
        this.phases = Math.min(to / greatestCommonDivisor(from, to), MOST_PHASES);
        double cut = CUT_OFF * Math.min(1.0, (double) to / from);
        this.reach = (int) Math.ceil(ZEROS / cut);
        this.coefficients = from == to ? new float[0][] : coefficients(phases, reach, cut);
    }

    private static int greatestCommonDivisor(int a, int b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }

    private static float[][] coefficients(int phases, int reach, double cut) {
        float[][] coefficients = new float[phases + 1][2 * reach];
        for (int phase = 0; phase <= phases; phase++) {
            double sum = 0.0;
            double[] row = new double[2 * reach];
            for (int tap = 0; tap < row.length; tap++) {
                double distance = tap - reach + 1 - (double) phase / phases;
                double window = 0.5 + 0.5 * StrictMath.cos(Math.PI * distance / reach);
                double x = Math.PI * cut * distance;
                row[tap] = Math.abs(distance) < reach ? window * (x == 0.0 ? 1.0 : StrictMath.sin(x) / x) : 0.0;
                sum += row[tap];
            }
            for (int tap = 0; tap < row.length; tap++) {
                coefficients[phase][tap] = (float) (row[tap] / sum);
            }
        }
        return coefficients;
    }

    /**
     * Resamples every channel of a sound, with silence before and after it.
     *
     * @throws IllegalArgumentException if its rate is not the input rate
     */
    public Waveform resampled(Waveform waveform) {
        if (waveform.sampleRate() != from) {
            throw new IllegalArgumentException(
                    "the sound has " + waveform.sampleRate() + " samples a second, but " + from + " were announced");
        }
        if (from == to) {
            return waveform;
        }
        List<float[]> channels = new ArrayList<>();
        for (int channel = 0; channel < waveform.channels(); channel++) {
            channels.add(resampled(waveform.channel(channel)));
        }
        return new Waveform(channels, to);
    }

    private float[] resampled(float[] in) {
        float[] out = new float[Math.toIntExact(((long) in.length * to + from - 1) / from)];
        if (from % to == 0) {
            decimate(in, out);
            return out;
        }
        for (int i = 0; i < out.length; i++) {
            long place = (long) i * from;
            int whole = (int) (place / to);
            int phase = (int) (((place % to) * phases + to / 2) / to);
            out[i] = filtered(in, whole - reach + 1, coefficients[phase]);
        }
        return out;
    }

    /**
     * Keeps one sample of {@code from / to}. The loop runs coefficient by coefficient over adjacent samples, which the compiler vectorises: several times faster than sample by sample.
     */
    private void decimate(float[] in, float[] out) {
        int step = from / to;
        float[] row = coefficients[0];
        float[][] every = new float[step][(in.length + step - 1) / step];
        for (int first = 0; first < step; first++) {
            for (int i = first, at = 0; i < in.length; i += step, at++) {
                every[first][at] = in[i];
            }
        }
        float[] shifted = new float[BLOCK];
        float[] sums = new float[BLOCK];
        for (int start = 0; start < out.length; start += BLOCK) {
            Arrays.fill(sums, 0.0f);
            for (int tap = 0; tap < row.length; tap++) {
                int distance = tap - reach + 1;
                float[] source = every[Math.floorMod(distance, step)];
                copy(source, start + Math.floorDiv(distance, step), shifted);
                add(row[tap], shifted, sums);
            }
            System.arraycopy(sums, 0, out, start, Math.min(BLOCK, out.length - start));
        }
    }

    /** Fills {@code out} with samples from a position on; zeros stand before the first and after the last. */
    private static void copy(float[] source, int from, float[] out) {
        int before = Math.min(out.length, Math.max(0, -from));
        int count = Math.max(0, Math.min(out.length, source.length - from) - before);
        Arrays.fill(out, 0, before, 0.0f);
        System.arraycopy(source, count == 0 ? 0 : from + before, out, before, count);
        Arrays.fill(out, before + count, out.length, 0.0f);
    }

    private static void add(float factor, float[] source, float[] sums) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += factor * source[i];
        }
    }

    private static float filtered(float[] in, int start, float[] row) {
        int first = Math.max(0, -start);
        int last = Math.min(row.length, in.length - start);
        // Four sums, because each addition depends on the one before it.
        float a = 0.0f;
        float b = 0.0f;
        float c = 0.0f;
        float d = 0.0f;
        int tap = first;
        for (; tap + 3 < last; tap += 4) {
            a += row[tap] * in[start + tap];
            b += row[tap + 1] * in[start + tap + 1];
            c += row[tap + 2] * in[start + tap + 2];
            d += row[tap + 3] * in[start + tap + 3];
        }
        for (; tap < last; tap++) {
            a += row[tap] * in[start + tap];
        }
        return (a + b) + (c + d);
    }
}
