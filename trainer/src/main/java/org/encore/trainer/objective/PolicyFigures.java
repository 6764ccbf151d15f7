package org.encore.trainer.objective;

import java.util.LinkedHashMap;
import java.util.Map;
import org.encore.trainer.steps.ValidSteps;

/**
 * How far the policy has moved since it sampled: sums over steps divided by the number in the whole batch.
 *
 * <p>Of a whole batch these are means over steps; of its parts they are shares that {@link #plus} adds up.
 *
 * @param approxKl {@code (log ρ)² / 2}, in nats a step; 0 before the first update
 * @param clipFraction share of steps whose gradient was cut; 0 where the objective cuts none
 * @param ratio ρ; 1 before the first update
 */
public record PolicyFigures(double approxKl, double clipFraction, double ratio) {
    /** The figures of no step. */
    public static final PolicyFigures NONE = new PolicyFigures(0.0, 0.0, 0.0);

    static PolicyFigures of(PolicyBatch batch, ValidSteps.StepFunction clipped, int stepsInBatch) {
        ValidSteps steps = batch.steps();
        return new PolicyFigures(
                steps.sum((b, t) -> batch.logRatio(b, t) * batch.logRatio(b, t) / 2.0) / stepsInBatch,
                steps.sum(clipped) / stepsInBatch,
                steps.sum(batch::ratio) / stepsInBatch);
    }

    /** Adds the figures of another part of the same batch. */
    public PolicyFigures plus(PolicyFigures other) {
        return new PolicyFigures(approxKl + other.approxKl, clipFraction + other.clipFraction, ratio + other.ratio);
    }

    /** Divides, so that sums over several updates become their means. */
    public PolicyFigures over(int updates) {
        return new PolicyFigures(approxKl / updates, clipFraction / updates, ratio / updates);
    }

    /** The figures under the names by which the field knows them. */
    public Map<String, Double> named() {
        Map<String, Double> named = new LinkedHashMap<>();
        named.put("policy/approxkl_avg", approxKl);
        named.put("policy/clipfrac_avg", clipFraction);
        named.put("val/ratio", ratio);
        return named;
    }
}
