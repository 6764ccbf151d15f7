package org.encore.trainer.kl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.encore.trainer.advantages.ValidSteps;
import org.encore.trainer.kl.KlController.AdaptiveCoefficient;
import org.encore.trainer.kl.KlController.FixedCoefficient;
import org.encore.trainer.kl.KlPenalty.ExactInLoss;
import org.encore.trainer.kl.KlPenalty.KlSettings;
import org.encore.trainer.kl.KlPenalty.SampledInReward;
import org.junit.jupiter.api.Test;

class KlSettingsTest {
    private static final double NAN = Double.NaN;
    private final ValidSteps steps = new ValidSteps(new int[] {2, 1}, 2);
    private final double[][] policy = {{-1, -2}, {-3, NAN}};
    private final double[][] reference = {{-1.5, -2.25}, {-2, NAN}};

    @Test
    void exactPenaltyIsChargedInTheLossAlone() {
        ExactInLoss exact = new ExactInLoss();
        assertEquals(0.9, exact.policyWeight(0.1), 1e-12);
        assertEquals(0.1, exact.lossWeight(0.1), 1e-12);
        double[][] rewards = exact.rewards(0.1, steps, policy, reference);
        assertArrayEquals(new double[] {0, 0}, rewards[0], 0.0);
        assertArrayEquals(new double[] {0, NAN}, rewards[1], 0.0);
    }

    @Test
    void sampledPenaltyIsChargedInTheRewardAlone() {
        SampledInReward sampled = new SampledInReward(KlEstimator.K2);
        assertEquals(1.0, sampled.policyWeight(0.2), 0.0);
        assertEquals(0.0, sampled.lossWeight(0.2), 0.0);
        double[][] rewards = sampled.rewards(0.2, steps, policy, reference);
        assertArrayEquals(new double[] {-0.2 * 0.125, -0.2 * 0.03125}, rewards[0], 1e-12);
        assertArrayEquals(new double[] {-0.2 * 0.5, NAN}, rewards[1], 1e-12);
    }

    @Test
    void sampledPenaltyInExpectationIsTheExactOne() {
        double[] pi = {0.6, 0.4};
        double[] pi0 = {0.3, 0.7};
        double exact = 0.6 * Math.log(2) + 0.4 * Math.log(0.4 / 0.7);
        ValidSteps both = ValidSteps.full(2, 1);
        double[][] rewards = SampledInReward.defaults()
                .rewards(3.0, both, new double[][] {{Math.log(pi[0])}, {Math.log(pi[1])}}, new double[][] {
                    {Math.log(pi0[0])}, {Math.log(pi0[1])}
                });
        assertEquals(-3.0 * exact, pi[0] * rewards[0][0] + pi[1] * rewards[1][0], 1e-12);
    }

    @Test
    void fixedCoefficientStays() {
        FixedCoefficient fixed = new FixedCoefficient(0.3);
        assertEquals(0.3, fixed.initial(), 0.0);
        assertEquals(0.3, fixed.next(0.3, 1e6, 64), 0.0);
    }

    @Test
    void adaptiveCoefficientFollowsTheError() {
        AdaptiveCoefficient adaptive = new AdaptiveCoefficient(0.1, 10, 1000, 0.5);
        // Error (11 - 10) / 10 = 0.1: factor 1 + 0.1 * 100 / 1000.
        assertEquals(0.2 * 1.01, adaptive.next(0.2, 11, 100), 1e-12);
        // Error 4 is clipped to 0.2, error -1 to -0.2.
        assertEquals(0.2 * 1.02, adaptive.next(0.2, 50, 100), 1e-12);
        assertEquals(0.2 * 0.98, adaptive.next(0.2, 0, 100), 1e-12);
        assertEquals(0.2, adaptive.next(0.2, 10, 100), 0.0);
        assertEquals(0.5, adaptive.next(0.499, 50, 100), 0.0);
    }

    @Test
    void adaptiveCoefficientNeverTurnsItsSign() {
        // -0.2 * 10000 / 1000 would be a factor of -1.
        assertEquals(0.1, new AdaptiveCoefficient(0.1, 10, 1000, 0.5).next(0.2, 0, 10_000), 1e-12);
    }

    @Test
    void adaptiveCoefficientReachesItsTargetWhenDivergenceFallsWithIt() {
        AdaptiveCoefficient adaptive = new AdaptiveCoefficient(0.01, 6, 1000, 10);
        double coefficient = adaptive.initial();
        for (int step = 0; step < 2000; step++) {
            coefficient = adaptive.next(coefficient, 1.5 / coefficient, 64);
        }
        assertEquals(0.25, coefficient, 1e-6);
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertRefused("coefficient is -0.1, but must be at least 0 and finite", () -> new FixedCoefficient(-0.1));
        assertRefused("initial is 0.0, but must be above 0 and finite", () -> new AdaptiveCoefficient(0, 6, 1, 1));
        assertRefused("target is 0.0, but must be above 0 and finite", () -> new AdaptiveCoefficient(1, 0, 1, 1));
        assertRefused("horizon is -1.0, but must be above 0 and finite", () -> new AdaptiveCoefficient(1, 6, -1, 1));
        assertRefused("ceiling is NaN, but must be above 0 and finite", () -> new AdaptiveCoefficient(1, 6, 1, NAN));
        assertRefused(
                "ceiling is 0.5, but must be at least the initial coefficient, 1.0",
                () -> new AdaptiveCoefficient(1, 6, 1, 0.5));
        assertRefused(
                "klPerSequence is NaN, but must be finite to adapt the coefficient",
                () -> AdaptiveCoefficient.defaults().next(0.1, NAN, 8));
        assertRefused(
                "the coefficient may reach 1.0, but must stay below 1.0 for a penalty in the loss",
                () -> new KlSettings(new ExactInLoss(), new FixedCoefficient(1.0)));
        assertEquals(
                5.0,
                new KlSettings(SampledInReward.defaults(), new FixedCoefficient(5.0))
                        .controller()
                        .initial(),
                0.0);
    }

    private static void assertRefused(String message, Runnable refused) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, refused::run).getMessage());
    }
}
