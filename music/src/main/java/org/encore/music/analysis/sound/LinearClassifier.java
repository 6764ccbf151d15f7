package org.encore.music.analysis.sound;

import java.util.Arrays;

/**
 * A small classifier: softmax of a linear map of standardised features.
 *
 * <p>Letters: {@code N} examples, {@code D} features, {@code C} classes.
 *
 * @param means of the features, {@code [D]}
 * @param deviations of the features, {@code [D]}, above 0
 * @param weights {@code [C][D]}
 * @param biases {@code [C]}
 * @param least the probability of the likeliest class below which it abstains; above 1 it always does
 */
@SuppressWarnings("ArrayRecordComponent") // read from a file once, never compared
record LinearClassifier(double[] means, double[] deviations, double[][] weights, double[] biases, double least) {
    private static final int ITERATIONS = 600;
    private static final double STEP = 0.5;
    private static final double MOMENTUM = 0.9;

    /** What it says of one sound: the likeliest class and its probability. */
    record Said(int likeliest, double probability, boolean abstains) {}

    LinearClassifier {
        if (means.length != deviations.length || weights.length != biases.length || weights.length < 2) {
            throw new IllegalArgumentException("a classifier has " + means.length + " means, " + deviations.length
                    + " deviations, " + weights.length + " rows of weights and " + biases.length + " biases");
        }
        for (double[] row : weights) {
            if (row.length != means.length) {
                throw new IllegalArgumentException(
                        "a classifier has " + means.length + " features, but a row of " + row.length + " weights");
            }
        }
    }

    /** The probabilities of the classes, {@code [C]}. */
    double[] probabilities(double[] features) {
        return softmax(standardised(features, means, deviations), weights, biases);
    }

    Said say(double[] features) {
        double[] probabilities = probabilities(features);
        int likeliest = 0;
        for (int c = 1; c < probabilities.length; c++) {
            likeliest = probabilities[c] > probabilities[likeliest] ? c : likeliest;
        }
        return new Said(likeliest, probabilities[likeliest], probabilities[likeliest] < least);
    }

    /** How unlike the examples of the fit some features are: the root mean square of the standardised ones. */
    double distance(double[] features) {
        double squares = 0.0;
        for (int d = 0; d < features.length; d++) {
            squares += Math.pow((features[d] - means[d]) / deviations[d], 2.0);
        }
        return Math.sqrt(squares / features.length);
    }

    LinearClassifier withLeast(double other) {
        return new LinearClassifier(means, deviations, weights, biases, other);
    }

    private static double[] standardised(double[] features, double[] means, double[] deviations) {
        double[] standardised = new double[features.length];
        for (int d = 0; d < features.length; d++) {
            // An outlier, such as a sound unlike any of the fit, must not decide alone.
            standardised[d] = Math.max(-4.0, Math.min(4.0, (features[d] - means[d]) / deviations[d]));
        }
        return standardised;
    }

    private static double[] softmax(double[] x, double[][] weights, double[] biases) {
        double[] p = biases.clone();
        double highest = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < p.length; c++) {
            for (int d = 0; d < x.length; d++) {
                p[c] += weights[c][d] * x[d];
            }
            highest = Math.max(highest, p[c]);
        }
        double sum = 0.0;
        for (int c = 0; c < p.length; c++) {
            p[c] = Math.exp(p[c] - highest);
            sum += p[c];
        }
        for (int c = 0; c < p.length; c++) {
            p[c] /= sum;
        }
        return p;
    }

    /**
     * Fits one by gradient descent on the cross entropy with a penalty on squared weights; the same examples give the same bits.
     *
     * @param features {@code [N][D]}
     * @param classes {@code [N]}, in {@code [0, C)}
     * @param count C
     * @param ridge weight of half the squared weights
     */
    static LinearClassifier fit(double[][] features, int[] classes, int count, double ridge) {
        int size = features[0].length;
        double[] means = new double[size];
        double[] deviations = new double[size];
        moments(features, means, deviations);
        double[][] x = Arrays.stream(features)
                .map(row -> standardised(row, means, deviations))
                .toArray(double[][]::new);
        double[][] weights = new double[count][size];
        double[] biases = new double[count];
        double[][] speed = new double[count][size];
        double[] biasSpeed = new double[count];
        for (int i = 0; i < ITERATIONS; i++) {
            double[][] gradient = new double[count][size];
            double[] biasGradient = new double[count];
            for (int n = 0; n < x.length; n++) {
                double[] p = softmax(x[n], weights, biases);
                p[classes[n]] -= 1.0;
                for (int c = 0; c < count; c++) {
                    biasGradient[c] += p[c] / x.length;
                    for (int d = 0; d < size; d++) {
                        gradient[c][d] += p[c] * x[n][d] / x.length;
                    }
                }
            }
            // The steps grow with the features otherwise, and diverge.
            double step = STEP * (1.0 - MOMENTUM) * 10.0 / (10.0 + 0.1 * size);
            for (int c = 0; c < count; c++) {
                biasSpeed[c] = MOMENTUM * biasSpeed[c] - step * biasGradient[c];
                biases[c] += biasSpeed[c];
                for (int d = 0; d < size; d++) {
                    speed[c][d] = MOMENTUM * speed[c][d] - step * (gradient[c][d] + ridge * weights[c][d]);
                    weights[c][d] += speed[c][d];
                }
            }
        }
        return new LinearClassifier(means, deviations, weights, biases, 0.0);
    }

    private static void moments(double[][] features, double[] means, double[] deviations) {
        for (int d = 0; d < means.length; d++) {
            double sum = 0.0;
            double squares = 0.0;
            for (double[] row : features) {
                sum += row[d];
                squares += row[d] * row[d];
            }
            means[d] = sum / features.length;
            deviations[d] = Math.max(1e-6, Math.sqrt(Math.max(0.0, squares / features.length - means[d] * means[d])));
        }
    }
}
