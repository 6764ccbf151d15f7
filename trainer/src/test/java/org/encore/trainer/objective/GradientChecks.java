package org.encore.trainer.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.encore.trainer.advantages.ValidSteps;
import org.encore.trainer.objective.PolicyObjective.PolicyBatch;
import org.encore.trainer.objective.PolicyObjective.PolicyLoss;
import org.encore.trainer.objective.ValueObjective.ValueBatch;
import org.encore.trainer.objective.ValueObjective.ValueLoss;

/** Compares the gradients of objectives with central differences of their losses, on both sides of every clip. */
public final class GradientChecks {
    private static final double STEP = 1e-6;
    private static final double TOLERANCE = 1e-8;
    private static final ValidSteps BATCH = new ValidSteps(new int[] {6, 1, 4}, 6);

    private GradientChecks() {}

    /** Checks the derivative by every log-probability. */
    public static void policy(PolicyObjective objective) {
        SplittableRandom random = new SplittableRandom(5);
        double[][] old = BATCH.table((b, t) -> random.nextDouble(-4, -1));
        double[][] now = BATCH.table((b, t) -> old[b][t] + random.nextDouble(-0.6, 0.6));
        double[][] advantages = BATCH.table((b, t) -> random.nextDouble(-2, 2));
        PolicyLoss result = objective.evaluate(new PolicyBatch(BATCH, now, old, advantages), 0.8, 20);
        compare(now, result.gradients(), point -> objective
                .evaluate(new PolicyBatch(BATCH, point, old, advantages), 0.8, 20)
                .loss());
    }

    /** Checks the derivative by every value. */
    public static void value(ValueObjective objective) {
        SplittableRandom random = new SplittableRandom(6);
        double[][] old = BATCH.table((b, t) -> random.nextDouble(-1, 1));
        double[][] now = BATCH.table((b, t) -> old[b][t] + random.nextDouble(-0.8, 0.8));
        double[][] returns = BATCH.table((b, t) -> random.nextDouble(-1, 1));
        ValueLoss result = objective.evaluate(new ValueBatch(BATCH, now, old, returns), 17);
        compare(now, result.gradients(), point -> objective
                .evaluate(new ValueBatch(BATCH, point, old, returns), 17)
                .loss());
    }

    private static void compare(double[][] point, double[][] gradients, ToDoubleFunction<double[][]> loss) {
        for (int b = 0; b < BATCH.samples(); b++) {
            for (int t = 0; t < BATCH.length(b); t++) {
                double kept = point[b][t];
                point[b][t] = kept + STEP;
                double above = loss.applyAsDouble(point);
                point[b][t] = kept - STEP;
                double below = loss.applyAsDouble(point);
                point[b][t] = kept;
                assertEquals((above - below) / (2 * STEP), gradients[b][t], TOLERANCE, "sample " + b + ", step " + t);
            }
            for (int t = BATCH.length(b); t < BATCH.columns(); t++) {
                assertTrue(Double.isNaN(gradients[b][t]), "sample " + b + ", step " + t);
            }
        }
    }
}
