package org.encore.trainer.advantages;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.encore.trainer.advantages.ValidSteps.StepRewards;
import org.junit.jupiter.api.Test;

class StepRewardsTest {
    private static final double NAN = Double.NaN;
    private final ValidSteps steps = new ValidSteps(new int[] {3, 1}, 3);

    @Test
    void theScoreFallsOnTheLastValidStep() {
        double[][] rewards = StepRewards.atTheEnd(steps, new double[] {5, -2});
        assertArrayEquals(new double[] {0, 0, 5}, rewards[0], 0.0);
        assertArrayEquals(new double[] {-2, NAN, NAN}, rewards[1], 0.0);
    }

    @Test
    void addsTables() {
        double[][] sum = StepRewards.sum(
                steps, new double[][] {{1, 2, 3}, {4, NAN, 9}}, new double[][] {{10, 20, 30}, {40, 8, 8}});
        assertArrayEquals(new double[] {11, 22, 33}, sum[0], 0.0);
        assertArrayEquals(new double[] {44, NAN, NAN}, sum[1], 0.0);
    }

    @Test
    void returnsSumWhatIsStillToCome() {
        double[][] returns = StepRewards.returnsToGo(steps, new double[][] {{1, 2, 4}, {3, 99, NAN}});
        assertArrayEquals(new double[] {7, 6, 4}, returns[0], 1e-12);
        assertArrayEquals(new double[] {3, NAN, NAN}, returns[1], 1e-12);
    }

    @Test
    void refusesScoresThatDoNotFit() {
        assertEquals(
                "scores has 1 entries, but the batch has 2 samples",
                assertThrows(IllegalArgumentException.class, () -> StepRewards.atTheEnd(steps, new double[] {1}))
                        .getMessage());
        assertEquals(
                "scores is NaN at sample 1, step 0, but must be finite at every valid step",
                assertThrows(IllegalArgumentException.class, () -> StepRewards.atTheEnd(steps, new double[] {1, NAN}))
                        .getMessage());
    }
}
