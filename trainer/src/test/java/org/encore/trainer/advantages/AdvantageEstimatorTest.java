package org.encore.trainer.advantages;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.encore.trainer.advantages.AdvantageEstimator.AdvantageInputs;
import org.encore.trainer.advantages.AdvantageEstimator.Advantages;
import org.encore.trainer.advantages.AdvantageEstimator.BestOfGroup;
import org.encore.trainer.advantages.AdvantageEstimator.Gae;
import org.encore.trainer.advantages.AdvantageEstimator.GroupNormalised;
import org.encore.trainer.advantages.AdvantageEstimator.LeaveOneOut;
import org.encore.trainer.advantages.AdvantageEstimator.ValueBaseline;
import org.junit.jupiter.api.Test;

class AdvantageEstimatorTest {
    private static final double NAN = Double.NaN;
    private static final double TOLERANCE = 1e-12;

    private final ValidSteps steps = new ValidSteps(new int[] {3, 2}, 4);
    private final double[][] rewards = {{1, 0, 2, NAN}, {0, 3, NAN, NAN}};
    private final double[][] values = {{0.5, 1, 1.5, NAN}, {2, 2, NAN, NAN}};

    @Test
    void valueBaselineIsReturnMinusValue() {
        Advantages estimate =
                new ValueBaseline().estimate(AdvantageInputs.of(steps, rewards).withValues(values));
        assertRow(new double[] {3, 2, 2, NAN}, estimate.returns()[0]);
        assertRow(new double[] {3, 3, NAN, NAN}, estimate.returns()[1]);
        assertRow(new double[] {2.5, 1, 0.5, NAN}, estimate.advantages()[0]);
        assertRow(new double[] {1, 1, NAN, NAN}, estimate.advantages()[1]);
    }

    @Test
    void gaeByHand() {
        // gamma = 0.5, lambda = 0.4, so gamma lambda = 0.2.
        // Sample 0: delta_2 = 2 - 1.5 = 0.5; delta_1 = 0 + 0.75 - 1 = -0.25; delta_0 = 1 + 0.5 - 0.5 = 1.
        // A_2 = 0.5; A_1 = -0.25 + 0.1 = -0.15; A_0 = 1 - 0.03 = 0.97.
        // Sample 1: delta_1 = 3 - 2 = 1; delta_0 = 0 + 1 - 2 = -1; A_0 = -1 + 0.2 = -0.8.
        Advantages estimate =
                new Gae(0.5, 0.4).estimate(AdvantageInputs.of(steps, rewards).withValues(values));
        assertRow(new double[] {0.97, -0.15, 0.5, NAN}, estimate.advantages()[0]);
        assertRow(new double[] {-0.8, 1, NAN, NAN}, estimate.advantages()[1]);
        assertRow(new double[] {1.47, 0.85, 2, NAN}, estimate.returns()[0]);
        assertRow(new double[] {1.2, 3, NAN, NAN}, estimate.returns()[1]);
    }

    @Test
    void gaeEqualsItsDoubleSum() {
        SplittableRandom random = new SplittableRandom(11);
        ValidSteps batch = new ValidSteps(new int[] {7, 1, 4}, 7);
        double[][] r = batch.table((b, t) -> random.nextDouble(-1, 1));
        double[][] v = batch.table((b, t) -> random.nextDouble(-1, 1));
        double gamma = 0.9;
        double lambda = 0.7;
        Advantages estimate =
                new Gae(gamma, lambda).estimate(AdvantageInputs.of(batch, r).withValues(v));
        for (int b = 0; b < batch.samples(); b++) {
            int length = batch.length(b);
            for (int t = 0; t < length; t++) {
                double expected = 0.0;
                for (int k = t; k < length; k++) {
                    double next = k + 1 < length ? v[b][k + 1] : 0.0;
                    expected += Math.pow(gamma * lambda, k - t) * (r[b][k] + gamma * next - v[b][k]);
                }
                assertEquals(expected, estimate.advantages()[b][t], TOLERANCE);
            }
        }
    }

    @Test
    void gaeWithoutDiscountOrTrustInValuesIsTheValueBaseline() {
        AdvantageInputs episodes = AdvantageInputs.of(steps, rewards).withValues(values);
        Advantages gae = new Gae(1.0, 1.0).estimate(episodes);
        Advantages baseline = new ValueBaseline().estimate(episodes);
        for (int b = 0; b < 2; b++) {
            assertRow(baseline.advantages()[b], gae.advantages()[b]);
            assertRow(baseline.returns()[b], gae.returns()[b]);
        }
    }

    @Test
    void leaveOneOutComparesWithTheOthersOfTheGroup() {
        // Totals 3, 8, 6, 1, 0 in groups 7, 2, 7, 7, 2.
        // Group 7: 3 - (6 + 1)/2 = -0.5; 6 - (3 + 1)/2 = 4; 1 - (3 + 6)/2 = -3.5. Group 2: 8 - 0; 0 - 8.
        ValidSteps batch = new ValidSteps(new int[] {2, 1, 2, 1, 1}, 2);
        double[][] r = {{1, 2}, {8, NAN}, {0, 6}, {1, NAN}, {0, NAN}};
        Advantages estimate =
                new LeaveOneOut().estimate(AdvantageInputs.of(batch, r).withGroups(7, 2, 7, 7, 2));
        assertRow(new double[] {-0.5, -0.5}, estimate.advantages()[0]);
        assertRow(new double[] {8, NAN}, estimate.advantages()[1]);
        assertRow(new double[] {4, 4}, estimate.advantages()[2]);
        assertRow(new double[] {-3.5, NAN}, estimate.advantages()[3]);
        assertRow(new double[] {-8, NAN}, estimate.advantages()[4]);
        assertRow(new double[] {3, 2}, estimate.returns()[0]);
    }

    @Test
    void groupNormalisedCountsStandardDeviations() {
        // Group 0: totals 1, 2, 6: mean 3, squares 4 + 1 + 9 = 14, sd = sqrt(14 / 2) = sqrt 7. Group 1: all the same.
        ValidSteps batch = ValidSteps.full(5, 1);
        double[][] r = {{1}, {4}, {2}, {6}, {4}};
        Advantages estimate =
                new GroupNormalised(0.5).estimate(AdvantageInputs.of(batch, r).withGroups(0, 1, 0, 0, 1));
        double divisor = Math.sqrt(7) + 0.5;
        assertRow(new double[] {-2 / divisor}, estimate.advantages()[0]);
        assertRow(new double[] {0}, estimate.advantages()[1]);
        assertRow(new double[] {-1 / divisor}, estimate.advantages()[2]);
        assertRow(new double[] {3 / divisor}, estimate.advantages()[3]);
        assertRow(new double[] {0}, estimate.advantages()[4]);
    }

    @Test
    void whatStandsAfterTheLastStepHasNoInfluence() {
        double[][] otherRewards = withJunk(rewards);
        double[][] otherValues = withJunk(values);
        for (AdvantageEstimator estimator : List.of(
                new ValueBaseline(),
                new Gae(0.9, 0.8),
                new LeaveOneOut(),
                new GroupNormalised(0.1),
                new BestOfGroup())) {
            Advantages clean = estimator.estimate(
                    AdvantageInputs.of(steps, rewards).withValues(values).withGroups(0, 0));
            Advantages junk = estimator.estimate(AdvantageInputs.of(steps, otherRewards)
                    .withValues(otherValues)
                    .withGroups(0, 0));
            assertTrue(Arrays.deepEquals(clean.advantages(), junk.advantages()), estimator::toString);
            assertTrue(Arrays.deepEquals(clean.returns(), junk.returns()), estimator::toString);
        }
    }

    @Test
    void sayWhatTheyNeed() {
        assertTrue(new ValueBaseline().needsValues() && new Gae(1, 1).needsValues());
        assertFalse(new LeaveOneOut().needsValues() || new GroupNormalised(1).needsValues());
        assertEquals(1, new ValueBaseline().fewestSamplesPerPrompt());
        assertEquals(1, new Gae(1, 1).fewestSamplesPerPrompt());
        assertEquals(2, new LeaveOneOut().fewestSamplesPerPrompt());
        assertEquals(2, new GroupNormalised(1).fewestSamplesPerPrompt());
    }

    @Test
    void complainInOneLine() {
        AdvantageInputs bare = AdvantageInputs.of(steps, rewards);
        assertMessage(
                "the inputs have no values, but the advantage estimator needs them",
                assertThrows(IllegalStateException.class, () -> new ValueBaseline().estimate(bare)));
        assertMessage(
                "the inputs have no groups, but the advantage estimator needs them",
                assertThrows(IllegalStateException.class, () -> new LeaveOneOut().estimate(bare)));
        assertMessage(
                "group 4 has 1 sample, but the comparison of samples of a prompt needs at least 2;"
                        + " raise the number of samples per prompt",
                assertThrows(IllegalArgumentException.class, () -> new LeaveOneOut().estimate(bare.withGroups(4, 5))));
        assertMessage(
                "groups has 3 entries, but the batch has 2 samples",
                assertThrows(IllegalArgumentException.class, () -> bare.withGroups(1, 1, 1)));
        assertMessage(
                "lambda is 1.5, but must lie in [0, 1]",
                assertThrows(IllegalArgumentException.class, () -> new Gae(1, 1.5)));
        assertMessage(
                "gamma is NaN, but must lie in [0, 1]",
                assertThrows(IllegalArgumentException.class, () -> new Gae(NAN, 1)));
        assertMessage(
                "epsilon is 0.0, but must be above 0 and finite",
                assertThrows(IllegalArgumentException.class, () -> new GroupNormalised(0)));
    }

    private double[][] withJunk(double[][] table) {
        double[][] junk = steps.table((b, t) -> table[b][t]);
        junk[0][3] = 1e9;
        junk[1][2] = -1e9;
        junk[1][3] = 1e9;
        return junk;
    }

    private static void assertRow(double[] expected, double[] actual) {
        assertArrayEquals(expected, actual, TOLERANCE);
    }

    private static void assertMessage(String message, Exception thrown) {
        assertEquals(message, thrown.getMessage());
    }

    @Test
    void expertIterationLearnsFromTheFirstOfTheBestAlone() {
        ValidSteps batch = new ValidSteps(new int[] {2, 1, 1, 2, 1}, 2);
        double[][] r = ValidSteps.StepRewards.atTheEnd(batch, new double[] {1, 7, 4, 4, -3});
        double[][] advantages = new BestOfGroup()
                .estimate(AdvantageInputs.of(batch, r).withGroups(0, 1, 0, 0, 1))
                .advantages();
        double[] expected = {0, 2, 3, 0, 0};
        for (int b = 0; b < expected.length; b++) {
            assertEquals(expected[b], advantages[b][0], "sample " + b);
        }
        assertEquals(0.0, advantages[3][1]);
        assertFalse(new BestOfGroup().needsValues());
        assertEquals(2, new BestOfGroup().fewestSamplesPerPrompt());
    }
}
