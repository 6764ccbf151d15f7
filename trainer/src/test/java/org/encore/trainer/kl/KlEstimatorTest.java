package org.encore.trainer.kl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.encore.trainer.advantages.ValidSteps;
import org.junit.jupiter.api.Test;

class KlEstimatorTest {
    private static final double NAN = Double.NaN;
    private static final double[] POLICY = {0.7, 0.2, 0.1};
    private static final double[] REFERENCE = {0.5, 0.2, 0.3};

    @Test
    void byHand() {
        // log π - log π₀ = -1 - (-1.5) = 0.5; k3 = e^-0.5 - 1 + 0.5 = 0.1065306597.
        assertEquals(0.5, KlEstimator.K1.at(-1, -1.5), 1e-12);
        assertEquals(0.125, KlEstimator.K2.at(-1, -1.5), 1e-12);
        assertEquals(0.1065306597, KlEstimator.K3.at(-1, -1.5), 1e-10);
        // The other way round: k3 = e^0.5 - 1 - 0.5 = 0.1487212707.
        assertEquals(-0.5, KlEstimator.K1.at(-1.5, -1), 1e-12);
        assertEquals(0.1487212707, KlEstimator.K3.at(-1.5, -1), 1e-10);
    }

    @Test
    void k1AndK3AreUnbiasedAndK2IsNot() {
        double exact = 0.7 * Math.log(0.7 / 0.5) + 0.1 * Math.log(0.1 / 0.3);
        assertEquals(exact, expectation(KlEstimator.K1), 1e-12);
        assertEquals(exact, expectation(KlEstimator.K3), 1e-12);
        // 0.7 ln(1.4)² / 2 + 0.1 ln(3)² / 2 = 0.0396241 + 0.0603474.
        assertEquals(0.0999715, expectation(KlEstimator.K2), 1e-6);
        assertTrue(Math.abs(expectation(KlEstimator.K2) - exact) > 0.02);
    }

    @Test
    void k3IsAccurateNearTheReference() {
        // k3 ≈ r²/2 for small r: the naive e^-r - 1 + r would lose every digit.
        assertEquals(0.5, KlEstimator.K3.at(-1 + 1e-6, -1) * 1e12, 1e-3);
    }

    @Test
    void sequencesSumOverTheirValidSteps() {
        ValidSteps steps = new ValidSteps(new int[] {2, 1}, 2);
        double[][] policy = {{-1, -2}, {-3, NAN}};
        double[][] reference = {{-1.5, -2.25}, {-2, 77}};
        double[][] k1 = KlEstimator.K1.perStep(steps, policy, reference);
        assertArrayEquals(new double[] {0.5, 0.25}, k1[0], 1e-12);
        assertArrayEquals(new double[] {-1, NAN}, k1[1], 1e-12);
        // (0.5 + 0.25 - 1) / 2 samples.
        assertEquals(-0.125, KlEstimator.K1.perSequence(steps, policy, reference), 1e-12);
        // (0.125 + 0.03125 + 0.5) / 2 samples.
        assertEquals(0.328125, KlEstimator.K2.perSequence(steps, policy, reference), 1e-12);
    }

    private static double expectation(KlEstimator estimator) {
        double sum = 0.0;
        for (int a = 0; a < POLICY.length; a++) {
            sum += POLICY[a] * estimator.at(Math.log(POLICY[a]), Math.log(REFERENCE[a]));
        }
        return sum;
    }
}
