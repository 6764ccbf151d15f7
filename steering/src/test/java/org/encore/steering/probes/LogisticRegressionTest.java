package org.encore.steering.probes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LogisticRegressionTest {
    private static final double L2 = 0.7;

    /** A generator that is easy to repeat elsewhere. */
    private long state = 12345;

    private double next() {
        state = (state * 1103515245L + 12345L) % 2147483648L;
        return state / 2147483648.0;
    }

    /** SciPy 1.17.1, BFGS to a gradient of 1.5e-10 on the same 60 examples. */
    @Test
    void agreesWithAnotherImplementation() {
        double[][] x = new double[60][4];
        for (double[] row : x) {
            for (int i = 0; i < row.length; i++) {
                row[i] = 2.0 * next() - 1.0;
            }
        }
        boolean[] y = new boolean[x.length];
        int positives = 0;
        for (int n = 0; n < x.length; n++) {
            y[n] = x[n][0] - 0.5 * x[n][2] + 0.8 * (next() - 0.5) > 0.1;
            positives += y[n] ? 1 : 0;
        }
        assertEquals(25, positives);
        LogisticRegression fitted = LogisticRegression.fit(x, y, L2);
        double[] expected = {3.329716599096, -0.189623062409, -1.276543348652, 0.503936061814};
        assertArrayEquals(expected, fitted.weights(), 1e-6);
        assertEquals(-0.517231949622, fitted.bias(), 1e-6);
    }

    /** Without a penalty the weights would grow without end. */
    @Test
    void separableExamplesHaveAFiniteFit() {
        double[][] x = {{-2.0}, {-1.0}, {1.0}, {3.0}};
        LogisticRegression fitted = LogisticRegression.fit(x, new boolean[] {false, false, true, true}, 0.01);
        assertTrue(fitted.weights()[0] > 1.0 && fitted.weights()[0] < 100.0);
        assertTrue(fitted.probability(new double[] {-1.0}) < 0.5);
        assertTrue(fitted.probability(new double[] {1.0}) > 0.5);
        double gradient = 0.01 * fitted.weights()[0];
        for (int n = 0; n < x.length; n++) {
            gradient += x[n][0] * (fitted.probability(x[n]) - (n < 2 ? 0.0 : 1.0));
        }
        assertEquals(0.0, gradient, 1e-8);
    }
}
