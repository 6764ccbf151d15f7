package org.encore.music.analysis.sound;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.junit.jupiter.api.Test;

class LinearClassifierTest {
    /** Three clouds in the plane, and a feature that says nothing. */
    private static double[][] clouds(int[] classes) {
        RandomGenerator random = new RandomStreams(3).stream(Purpose.NOISE);
        double[][] features = new double[300][];
        for (int n = 0; n < features.length; n++) {
            classes[n] = n % 3;
            double angle = 2.0 * Math.PI * classes[n] / 3.0;
            features[n] = new double[] {
                100.0 + 5.0 * Math.cos(angle) + random.nextGaussian(),
                0.01 * (5.0 * Math.sin(angle) + random.nextGaussian()),
                random.nextGaussian()
            };
        }
        return features;
    }

    @Test
    void itSeparatesClouds() {
        int[] classes = new int[300];
        double[][] features = clouds(classes);
        LinearClassifier fitted = LinearClassifier.fit(features, classes, 3, 1e-3);
        int right = 0;
        for (int n = 0; n < features.length; n++) {
            right += fitted.say(features[n]).likeliest() == classes[n] ? 1 : 0;
        }
        assertTrue(right > 290, right + " of 300");
        LinearClassifier again = LinearClassifier.fit(features, classes, 3, 1e-3);
        assertArrayEquals(fitted.weights(), again.weights());
    }

    /** The fit is where the gradient of the penalised cross entropy is 0, by finite differences. */
    @Test
    void theFitIsAMinimum() {
        int[] classes = new int[300];
        double[][] features = clouds(classes);
        LinearClassifier fitted = LinearClassifier.fit(features, classes, 3, 0.05);
        double h = 1e-4;
        for (int d = 0; d < 3; d++) {
            double[][] up = moved(fitted, d, h);
            double[][] down = moved(fitted, d, -h);
            double slope = (loss(fitted, up, features, classes) - loss(fitted, down, features, classes)) / (2.0 * h);
            assertEquals(0.0, slope, 1e-4);
        }
    }

    private static double[][] moved(LinearClassifier fitted, int d, double by) {
        double[][] weights = new double[3][];
        for (int c = 0; c < 3; c++) {
            weights[c] = fitted.weights()[c].clone();
        }
        weights[1][d] += by;
        return weights;
    }

    private static double loss(LinearClassifier fitted, double[][] weights, double[][] features, int[] classes) {
        LinearClassifier other =
                new LinearClassifier(fitted.means(), fitted.deviations(), weights, fitted.biases(), 0.0);
        double loss = 0.0;
        for (int n = 0; n < features.length; n++) {
            loss -= Math.log(other.probabilities(features[n])[classes[n]]) / features.length;
        }
        for (double[] row : weights) {
            for (double weight : row) {
                loss += 0.05 * weight * weight / 2.0;
            }
        }
        return loss;
    }

    @Test
    void itAbstainsBelowItsLeastProbability() {
        int[] classes = new int[300];
        double[][] features = clouds(classes);
        LinearClassifier fitted = LinearClassifier.fit(features, classes, 3, 1e-3);
        LinearClassifier.Said said = fitted.say(features[0]);
        assertFalse(said.abstains());
        assertFalse(fitted.withLeast(said.probability()).say(features[0]).abstains());
        assertTrue(fitted.withLeast(said.probability() + 1e-9).say(features[0]).abstains());
        assertThrows(
                IllegalArgumentException.class,
                () -> new LinearClassifier(
                        new double[2], new double[2], new double[][] {{1, 2}, {3}}, new double[2], 0.0));
    }
}
