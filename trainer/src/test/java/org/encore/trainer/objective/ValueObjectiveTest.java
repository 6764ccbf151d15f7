package org.encore.trainer.objective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.encore.trainer.advantages.ValidSteps;
import org.encore.trainer.objective.ValueObjective.ClippedSquaredError;
import org.encore.trainer.objective.ValueObjective.SquaredError;
import org.encore.trainer.objective.ValueObjective.ValueBatch;
import org.encore.trainer.objective.ValueObjective.ValueLoss;
import org.junit.jupiter.api.Test;

class ValueObjectiveTest {
    private static final double NAN = Double.NaN;
    private final ValidSteps steps = new ValidSteps(new int[] {2, 1}, 2);

    @Test
    void squaredErrorByHand() {
        double[][] values = {{1, 2}, {0, NAN}};
        double[][] returns = {{3, 1.5}, {-1, NAN}};
        ValueLoss result = new SquaredError().evaluate(new ValueBatch(steps, values, values, returns), 4);
        // (4, 0.25, 1) / 4 and 2 (-2, 0.5, 1) / 4.
        assertArrayEquals(new double[] {1, 0.0625}, result.losses()[0], 1e-12);
        assertArrayEquals(new double[] {0.25, NAN}, result.losses()[1], 1e-12);
        assertEquals(1.3125, result.loss(), 1e-12);
        assertArrayEquals(new double[] {-1, 0.25}, result.gradients()[0], 1e-12);
        assertArrayEquals(new double[] {0.5, NAN}, result.gradients()[1], 1e-12);
    }

    @Test
    void clippedErrorCutsOnlyWhatHasGoneTooFarTowardsTheReturn() {
        // V_old = 0, range 0.5, returns 2: V = 0.25 within; V = 1 beyond, towards the return: (0.5 - 2)² = 2.25 > 1;
        // V = -1 beyond, away from it: 9 > (-0.5 - 2)² = 6.25, not cut.
        ValidSteps three = ValidSteps.full(1, 3);
        double[][] values = {{0.25, 1, -1}};
        double[][] old = {{0, 0, 0}};
        double[][] returns = {{2, 2, 2}};
        ValueLoss result = new ClippedSquaredError(0.5).evaluate(new ValueBatch(three, values, old, returns), 3);
        assertArrayEquals(new double[] {3.0625 / 3, 2.25 / 3, 9.0 / 3}, result.losses()[0], 1e-12);
        assertArrayEquals(new double[] {-3.5 / 3, 0, -6.0 / 3}, result.gradients()[0], 1e-12);
    }

    @Test
    void gradientsAreThoseOfTheLoss() {
        GradientChecks.value(new SquaredError());
        GradientChecks.value(new ClippedSquaredError(0.3));
    }

    @Test
    void explainedVarianceByHand() {
        double[][] returns = {{1, 2}, {6, NAN}};
        assertEquals(1.0, ValueLoss.explainedVariance(steps, returns, returns), 1e-12);
        assertEquals(0.0, ValueLoss.explainedVariance(steps, new double[][] {{3, 3}, {3, NAN}}, returns), 1e-12);
        // Variance of the returns: mean 3, squares 4 + 1 + 9 = 14. Errors 1, 0, 2: mean 1, squares 0 + 1 + 1 = 2.
        assertEquals(1 - 2.0 / 14, ValueLoss.explainedVariance(steps, new double[][] {{0, 2}, {4, 5}}, returns), 1e-12);
        // A constant offset explains as much; values the wrong way round explain less than nothing.
        assertEquals(1.0, ValueLoss.explainedVariance(steps, new double[][] {{11, 12}, {16, 0}}, returns), 1e-12);
        assertEquals(-3.0, ValueLoss.explainedVariance(steps, new double[][] {{-1, -2}, {-6, 0}}, returns), 1e-12);
        double[][] constant = {{2, 2}, {2, NAN}};
        assertTrue(Double.isNaN(ValueLoss.explainedVariance(steps, returns, constant)));
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertRefused("clipRange is 0.0, but must be above 0 and finite", () -> new ClippedSquaredError(0));
        double[][] broken = {{-1, NAN}, {-3, NAN}};
        double[][] sound = {{-1, -2}, {-3, NAN}};
        assertRefused(
                "values is NaN at sample 0, step 1, but must be finite at every valid step",
                () -> new ValueBatch(steps, broken, sound, sound));
        assertRefused(
                "returns is NaN at sample 0, step 1, but must be finite at every valid step",
                () -> new ValueBatch(steps, sound, sound, broken));
    }

    private static void assertRefused(String message, Runnable refused) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, refused::run).getMessage());
    }

    @Test
    void explainedVarianceOfEachTenth() {
        ValidSteps steps = new ValidSteps(new int[] {20, 10}, 20);
        double[][] returns = steps.table((b, t) -> b == 0 ? 3.0 : 1.0);
        // Perfect in the last tenth, the mean before; two steps of the first sample and one of the second are in each.
        double[][] values = steps.table((b, t) -> 10 * t / steps.length(b) == 9 ? returns[b][t] : 7.0 / 3.0);
        Map<String, Double> explained = ValueLoss.explainedVariances(steps, values, returns);
        assertEquals(11, explained.size());
        assertEquals(0.0, explained.get("val/explained_variance_at/00"), 1e-12);
        assertEquals(0.0, explained.get("val/explained_variance_at/80"), 1e-12);
        assertEquals(1.0, explained.get("val/explained_variance_at/90"), 1e-12);
        assertEquals(0.1, explained.get("val/explained_variance"), 1e-12);
        assertEquals(
                1,
                ValueLoss.explainedVariances(steps, values, steps.table((b, t) -> 1.0))
                        .size());
    }
}
