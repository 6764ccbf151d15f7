package org.encore.music.audio;

import java.util.random.RandomGenerator;

/**
 * Coloured noise: Gaussian samples through a Butterworth filter, then scaled to one standard deviation.
 *
 * <p>Orders and cut-offs, as shares of half the sample rate, are those of the published experiments; the names of the colours are only approximate for filters of these orders.
 */
public enum NoiseColour {
    /** Equal power at all frequencies. */
    WHITE,
    /** First-order low-pass at 0.2. */
    PINK,
    /** Second-order low-pass at 0.1. */
    BROWN,
    /** First-order high-pass at 0.5. */
    BLUE;

    private static final double DECIBELS_A_DECADE = 20.0;

    /** {@code y[t] = Σ forward[i] x[t-i] - Σ feedback[i] y[t-i]}, i of the feedback from 1. */
    private static final class Filter {
        private final double[] forward;
        private final double[] feedback;

        Filter(double[] forward, double[] feedback) {
            this.forward = forward;
            this.feedback = feedback;
        }

        /** Bilinear transform of the analogue filter, its cut-off pre-warped. */
        private static double warped(double cutOff) {
            return Math.tan(Math.PI * cutOff / 2);
        }

        static Filter lowPass(double cutOff) {
            double k = warped(cutOff);
            return new Filter(new double[] {k / (k + 1), k / (k + 1)}, new double[] {1, (k - 1) / (k + 1)});
        }

        static Filter highPass(double cutOff) {
            double k = warped(cutOff);
            return new Filter(new double[] {1 / (k + 1), -1 / (k + 1)}, new double[] {1, (k - 1) / (k + 1)});
        }

        static Filter secondLowPass(double cutOff) {
            double k = warped(cutOff);
            double norm = 1 / (1 + Math.sqrt(2) * k + k * k);
            return new Filter(
                    new double[] {k * k * norm, 2 * k * k * norm, k * k * norm},
                    new double[] {1, 2 * (k * k - 1) * norm, (1 - Math.sqrt(2) * k + k * k) * norm});
        }

        double[] of(double[] x) {
            double[] y = new double[x.length];
            for (int t = 0; t < x.length; t++) {
                for (int i = 0; i < forward.length && i <= t; i++) {
                    y[t] += forward[i] * x[t - i];
                }
                for (int i = 1; i < feedback.length && i <= t; i++) {
                    y[t] -= feedback[i] * y[t - i];
                }
            }
            return y;
        }
    }

    /**
     * Makes noise.
     *
     * @param levelDecibels root mean square about the mean, in dB: {@code 20 log10}
     */
    public double[] samples(int count, double levelDecibels, RandomGenerator random) {
        double[] white = new double[count];
        for (int i = 0; i < count; i++) {
            white[i] = random.nextGaussian();
        }
        double[] noise = filtered(white);
        double mean = 0;
        for (double sample : noise) {
            mean += sample / count;
        }
        double variance = 0;
        for (double sample : noise) {
            variance += (sample - mean) * (sample - mean) / count;
        }
        double factor = Math.pow(10.0, levelDecibels / DECIBELS_A_DECADE) / Math.sqrt(variance);
        for (int i = 0; i < count; i++) {
            noise[i] *= factor;
        }
        return noise;
    }

    /** The filtered samples, with silence before the first. */
    double[] filtered(double[] x) {
        return switch (this) {
            case WHITE -> x.clone();
            case PINK -> Filter.lowPass(0.2).of(x);
            case BROWN -> Filter.secondLowPass(0.1).of(x);
            case BLUE -> Filter.highPass(0.5).of(x);
        };
    }
}
