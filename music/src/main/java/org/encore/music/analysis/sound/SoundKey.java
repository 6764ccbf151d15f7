package org.encore.music.analysis.sound;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.encore.music.text.Attributes.Mode;

/**
 * Tells tonic and scale from pitch classes: a choice among twelve tonics and four scales, by a linear map of what is above each
 * tonic, the same map for every tonic.
 *
 * <p>Above a tonic are: the pitch classes of the whole sound and of its bass, and the correlations of the former with the profiles
 * of the scales. Profiles of major and minor are those of listeners (Krumhansl and Kessler 1982). Ours, because listeners were
 * asked about no others: Mixolydian is major with the ratings of both sevenths exchanged, Dorian is minor with those of both
 * sixths exchanged.
 *
 * @param weights {@code [4][28]}, a row a scale
 * @param biases {@code [4]}
 * @param least the probability of the likeliest mode below which it abstains; above 1 it always does
 * @paper Krumhansl 1990, Cognitive Foundations of Musical Pitch, chapter 4
 */
@SuppressWarnings("ArrayRecordComponent") // read from a file once, never compared
record SoundKey(double[][] weights, double[] biases, double least) {
    private static final int ITERATIONS = 300;
    private static final double STEP = 0.3;
    private static final double MOMENTUM = 0.9;

    /** Where a fit begins: with the profiles alone. */
    private static final double FIRST_WEIGHT = 5.0;

    /** Shares of pitch classes are about a twelfth. */
    private static final double SHARES = 6.0;

    private static final double[] MAJOR = {6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88};
    private static final double[] MINOR = {6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17};

    /** The modes of the scales: major, minor, Mixolydian, Dorian. */
    private static final List<Mode> MODES = List.of(Mode.MAJOR, Mode.MINOR, Mode.MODAL, Mode.MODAL);

    /** Their profiles. */
    private static final List<double[]> RATINGS =
            List.of(MAJOR, MINOR, exchanged(MAJOR, 10, 11), exchanged(MINOR, 8, 9));

    private static final int SCALES = 4;
    private static final int FEATURES = 24 + SCALES;

    /**
     * What it says of a sound.
     *
     * @param tonic pitch class of the likeliest tonic, 0 is C
     * @param mode the likeliest mode
     * @param probability of that mode, over all tonics
     */
    record Said(int tonic, Mode mode, double probability) {}

    private static double[] exchanged(double[] ratings, int one, int other) {
        double[] copy = ratings.clone();
        copy[one] = ratings[other];
        copy[other] = ratings[one];
        return copy;
    }

    /** The profiles of listeners and ours, without a fit. */
    static SoundKey ofProfiles() {
        double[][] weights = new double[SCALES][FEATURES];
        for (int s = 0; s < SCALES; s++) {
            weights[s][24 + s] = FIRST_WEIGHT;
        }
        return new SoundKey(weights, new double[SCALES], 0.0);
    }

    SoundKey withLeast(double other) {
        return new SoundKey(weights, biases, other);
    }

    Said say(SoundAnalysis heard) {
        double[][] p = probabilities(features(heard));
        Map<Mode, Double> modes = new EnumMap<>(Mode.class);
        double[] tonics = new double[12];
        for (int tonic = 0; tonic < 12; tonic++) {
            for (int s = 0; s < SCALES; s++) {
                modes.merge(MODES.get(s), p[tonic][s], Double::sum);
                tonics[tonic] += p[tonic][s];
            }
        }
        Mode likeliest =
                Collections.max(modes.entrySet(), Map.Entry.comparingByValue()).getKey();
        return new Said(highest(tonics), likeliest, modes.get(likeliest));
    }

    private static int highest(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }

    /** What is above each tonic, {@code [12][28]}. */
    static double[][] features(SoundAnalysis heard) {
        double[][] features = new double[12][FEATURES];
        for (int tonic = 0; tonic < 12; tonic++) {
            for (int i = 0; i < 12; i++) {
                features[tonic][i] = SHARES * heard.chroma()[(tonic + i) % 12];
                features[tonic][12 + i] = SHARES * heard.bass()[(tonic + i) % 12];
            }
            for (int s = 0; s < SCALES; s++) {
                features[tonic][24 + s] = correlation(heard.chroma(), tonic, RATINGS.get(s));
            }
        }
        return features;
    }

    /** Of tonics and scales, {@code [12][4]}. */
    private double[][] probabilities(double[][] features) {
        double[][] p = new double[12][SCALES];
        double highest = Double.NEGATIVE_INFINITY;
        for (int tonic = 0; tonic < 12; tonic++) {
            for (int s = 0; s < SCALES; s++) {
                p[tonic][s] = biases[s];
                for (int d = 0; d < FEATURES; d++) {
                    p[tonic][s] += weights[s][d] * features[tonic][d];
                }
                highest = Math.max(highest, p[tonic][s]);
            }
        }
        double sum = 0.0;
        for (double[] row : p) {
            for (int s = 0; s < SCALES; s++) {
                row[s] = Math.exp(row[s] - highest);
                sum += row[s];
            }
        }
        for (double[] row : p) {
            for (int s = 0; s < SCALES; s++) {
                row[s] /= sum;
            }
        }
        return p;
    }

    /** Pearson's correlation; 0 where one of both does not vary. */
    private static double correlation(double[] chroma, int key, double[] ratings) {
        double meanSound = 0.0;
        double meanRating = 0.0;
        for (int i = 0; i < 12; i++) {
            meanSound += chroma[i] / 12.0;
            meanRating += ratings[i] / 12.0;
        }
        double product = 0.0;
        double sound = 0.0;
        double rating = 0.0;
        for (int i = 0; i < 12; i++) {
            double a = chroma[(key + i) % 12] - meanSound;
            double b = ratings[i] - meanRating;
            product += a * b;
            sound += a * a;
            rating += b * b;
        }
        return sound == 0.0 ? 0.0 : product / Math.sqrt(sound * rating);
    }

    /**
     * Fits the map by gradient descent on the cross entropy of tonic and mode; of the two scales of a mode the likelier counts more.
     *
     * @param features of each sound, {@code [N][12][28]}
     * @param tonics of each sound
     * @param modes of each sound
     * @param ridge weight of half the squared distance of the weights from those of {@link #ofProfiles}
     */
    static SoundKey fit(double[][][] features, int[] tonics, Mode[] modes, double ridge) {
        SoundKey profiles = ofProfiles();
        SoundKey now = ofProfiles();
        double[][] speed = new double[SCALES][FEATURES + 1];
        for (int i = 0; i < ITERATIONS; i++) {
            double[][] gradient = now.gradient(features, tonics, modes);
            for (int s = 0; s < SCALES; s++) {
                for (int d = 0; d <= FEATURES; d++) {
                    double pull = d == FEATURES ? 0.0 : ridge * (now.weights[s][d] - profiles.weights[s][d]);
                    speed[s][d] = MOMENTUM * speed[s][d] - STEP * (1.0 - MOMENTUM) * (gradient[s][d] + pull) * 10.0;
                    if (d == FEATURES) {
                        now.biases[s] += speed[s][d];
                    } else {
                        now.weights[s][d] += speed[s][d];
                    }
                }
            }
        }
        return now;
    }

    /** Of the mean cross entropy, biases last, {@code [4][29]}. */
    double[][] gradient(double[][][] features, int[] tonics, Mode[] modes) {
        double[][] gradient = new double[SCALES][FEATURES + 1];
        for (int n = 0; n < features.length; n++) {
            double[][] p = probabilities(features[n]);
            double right = 0.0;
            for (int s = 0; s < SCALES; s++) {
                right += MODES.get(s) == modes[n] ? p[tonics[n]][s] : 0.0;
            }
            for (int tonic = 0; tonic < 12; tonic++) {
                for (int s = 0; s < SCALES; s++) {
                    double wanted = tonic == tonics[n] && MODES.get(s) == modes[n] ? p[tonic][s] / right : 0.0;
                    double error = (p[tonic][s] - wanted) / features.length;
                    gradient[s][FEATURES] += error;
                    for (int d = 0; d < FEATURES; d++) {
                        gradient[s][d] += error * features[n][tonic][d];
                    }
                }
            }
        }
        return gradient;
    }

    /** The mean cross entropy of tonic and mode, in nats. */
    double loss(double[][][] features, int[] tonics, Mode[] modes) {
        double loss = 0.0;
        for (int n = 0; n < features.length; n++) {
            double[][] p = probabilities(features[n]);
            double right = 0.0;
            for (int s = 0; s < SCALES; s++) {
                right += MODES.get(s) == modes[n] ? p[tonics[n]][s] : 0.0;
            }
            loss -= Math.log(right) / features.length;
        }
        return loss;
    }
}
