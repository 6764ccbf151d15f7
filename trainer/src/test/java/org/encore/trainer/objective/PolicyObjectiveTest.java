package org.encore.trainer.objective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.encore.trainer.advantages.ValidSteps;
import org.encore.trainer.objective.PolicyObjective.ClippedSurrogate;
import org.encore.trainer.objective.PolicyObjective.PolicyBatch;
import org.encore.trainer.objective.PolicyObjective.PolicyLoss;
import org.encore.trainer.objective.PolicyObjective.PolicyMetricSums;
import org.encore.trainer.objective.PolicyObjective.Reinforce;
import org.junit.jupiter.api.Test;

class PolicyObjectiveTest {
    private static final double NAN = Double.NaN;
    private final ValidSteps steps = new ValidSteps(new int[] {2, 1}, 2);

    @Test
    void reinforceByHand() {
        double[][] logProbs = {{-1, -2}, {-3, NAN}};
        double[][] advantages = {{0.5, -1}, {2, NAN}};
        PolicyLoss result = new Reinforce().evaluate(new PolicyBatch(steps, logProbs, logProbs, advantages), 0.9, 3);
        // Weight 0.9 / 3 = 0.3: -0.3 * (-1 * 0.5, -2 * -1, -3 * 2).
        assertArrayEquals(new double[] {0.15, -0.6}, result.losses()[0], 1e-12);
        assertArrayEquals(new double[] {1.8, NAN}, result.losses()[1], 1e-12);
        assertEquals(1.35, result.loss(), 1e-12);
        assertArrayEquals(new double[] {-0.15, 0.3}, result.gradients()[0], 1e-12);
        assertArrayEquals(new double[] {-0.6, NAN}, result.gradients()[1], 1e-12);
        assertEquals(new PolicyMetricSums(0, 0, 1), result.metrics());
    }

    @Test
    void clippedSurrogateInItsFourCases() {
        // Ratios 2, 2, 0.5, 0.5 against the range [0.8, 1.2].
        double up = Math.log(2);
        ValidSteps four = ValidSteps.full(1, 4);
        double[][] old = {{-1, -1, -1, -1}};
        double[][] now = {{-1 + up, -1 + up, -1 - up, -1 - up}};
        double[][] advantages = {{1, -1, 1, -1}};
        PolicyLoss result = new ClippedSurrogate(0.2).evaluate(new PolicyBatch(four, now, old, advantages), 1.0, 4);
        // min(2, 1.2), min(-2, -1.2), min(0.5, 0.8), min(-0.5, -0.8), each times -1/4.
        assertArrayEquals(new double[] {-0.3, 0.5, -0.125, 0.2}, result.losses()[0], 1e-12);
        assertArrayEquals(new double[] {0, 0.5, -0.125, 0}, result.gradients()[0], 1e-12);
        assertEquals(0.475 - 0.2, result.loss(), 1e-12);
        assertEquals(0.5, result.metrics().clipFraction(), 1e-12);
        assertEquals(1.25, result.metrics().ratio(), 1e-12);
        assertEquals(up * up / 2, result.metrics().approxKl(), 1e-12);
    }

    @Test
    void atTheSamplingPolicyBothHaveTheSameGradient() {
        PolicyBatch batch = batch(steps, new SplittableRandom(3), 0.0);
        PolicyLoss plain = new Reinforce().evaluate(batch, 0.7, 3);
        PolicyLoss clipped = new ClippedSurrogate(0.2).evaluate(batch, 0.7, 3);
        assertArrayEquals(plain.gradients()[0], clipped.gradients()[0], 1e-15);
        assertArrayEquals(plain.gradients()[1], clipped.gradients()[1], 1e-15);
        assertEquals(1.0, clipped.metrics().ratio(), 0.0);
    }

    @Test
    void gradientsAreThoseOfTheLoss() {
        GradientChecks.policy(new Reinforce());
        GradientChecks.policy(new ClippedSurrogate(0.2));
    }

    @Test
    void partsOfABatchAddUpToTheBatch() {
        ValidSteps whole = new ValidSteps(new int[] {3, 1, 2}, 3);
        SplittableRandom random = new SplittableRandom(8);
        double[][] old = whole.table((b, t) -> random.nextDouble(-4, -1));
        double[][] now = whole.table((b, t) -> old[b][t] + random.nextDouble(-2, 2));
        double[][] advantages = whole.table((b, t) -> random.nextDouble(-2, 2));
        for (PolicyObjective objective : List.of(new Reinforce(), new ClippedSurrogate(0.2))) {
            PolicyLoss batched = objective.evaluate(new PolicyBatch(whole, now, old, advantages), 0.9, 6);
            assertEquals(
                    objective instanceof ClippedSurrogate, batched.metrics().clipFraction() > 0.0);
            double loss = 0.0;
            PolicyMetricSums metrics = PolicyMetricSums.NONE;
            for (int b = 0; b < 3; b++) {
                ValidSteps part = new ValidSteps(new int[] {whole.length(b)}, 3);
                PolicyLoss one = objective.evaluate(
                        new PolicyBatch(
                                part, new double[][] {now[b]}, new double[][] {old[b]}, new double[][] {advantages[b]}),
                        0.9,
                        6);
                loss += one.loss();
                metrics = metrics.plus(one.metrics());
                assertArrayEquals(batched.gradients()[b], one.gradients()[0], 0.0);
            }
            assertEquals(batched.loss(), loss, 1e-14);
            assertEquals(batched.metrics().approxKl(), metrics.approxKl(), 1e-14);
            assertEquals(batched.metrics().clipFraction(), metrics.clipFraction(), 1e-14);
            assertEquals(batched.metrics().ratio(), metrics.ratio(), 1e-14);
        }
    }

    @Test
    void metricsHaveTheirNames() {
        assertEquals(
                Map.of("policy/approxkl_avg", 0.1, "policy/clipfrac_avg", 0.2, "val/ratio", 0.3),
                new PolicyMetricSums(0.1, 0.2, 0.3).named());
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertRefused("clipRange is 1.0, but must lie in (0, 1)", () -> new ClippedSurrogate(1.0));
        assertRefused("clipRange is NaN, but must lie in (0, 1)", () -> new ClippedSurrogate(NAN));
        assertRefused("stepsInBatch is 2, but this part of the batch has 3 valid steps alone", () -> new Reinforce()
                .evaluate(batch(steps, new SplittableRandom(1), 0.0), 1.0, 2));
        double[][] broken = {{-1, NAN}, {-3, NAN}};
        double[][] sound = {{-1, -2}, {-3, NAN}};
        assertRefused(
                "logProbs is NaN at sample 0, step 1, but must be finite at every valid step",
                () -> new PolicyBatch(steps, broken, sound, sound));
        assertRefused(
                "behaviourLogProbs is NaN at sample 0, step 1, but must be finite at every valid step",
                () -> new PolicyBatch(steps, sound, broken, sound));
        assertRefused(
                "advantages is NaN at sample 0, step 1, but must be finite at every valid step",
                () -> new PolicyBatch(steps, sound, sound, broken));
    }

    private static PolicyBatch batch(ValidSteps steps, SplittableRandom random, double move) {
        double[][] old = steps.table((b, t) -> random.nextDouble(-4, -1));
        double[][] now = steps.table((b, t) -> old[b][t] + move);
        return new PolicyBatch(steps, now, old, steps.table((b, t) -> random.nextDouble(-2, 2)));
    }

    private static void assertRefused(String message, Runnable refused) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, refused::run).getMessage());
    }
}
