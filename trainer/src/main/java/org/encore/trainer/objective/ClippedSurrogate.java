package org.encore.trainer.objective;

import org.encore.trainer.steps.ValidSteps;

/**
 * Weighs advantages by how much likelier the action has become, and stops rewarding moves beyond a range (PPO).
 *
 * <p>Loss of a step: {@code -w min(ρ A, clip(ρ, 1-c, 1+c) A) / N}. The gradient is {@code -w ρ A / N} where the first
 * term is the smaller or equal one, else 0: a step is cut only where a further move in the same direction would pay.
 *
 * @param clipRange c, how far the ratio may move before its gradient is cut, in (0, 1); near 0 freezes the policy after
 *     one update, near 1 cuts almost nothing below
 * @paper Schulman et al. 2017, equation 7, <a href="https://arxiv.org/abs/1707.06347">arXiv 1707.06347</a>
 */
public record ClippedSurrogate(double clipRange) implements PolicyObjective {
    public ClippedSurrogate {
        if (!(clipRange > 0.0 && clipRange < 1.0)) {
            throw new IllegalArgumentException("clipRange is " + clipRange + ", but must lie in (0, 1)");
        }
    }

    /** The range that did best in the paper's table 1. */
    public static ClippedSurrogate defaults() {
        return new ClippedSurrogate(0.2);
    }

    @Override
    public PolicyLoss evaluate(PolicyBatch batch, double weight, int stepsInBatch) {
        ValidSteps steps = batch.steps();
        double scale = BatchShare.of(weight, steps, stepsInBatch);
        double[][] losses =
                steps.table((b, t) -> -scale * (isCut(batch, b, t) ? clipped(batch, b, t) : plain(batch, b, t)));
        double[][] gradients = steps.table((b, t) -> isCut(batch, b, t) ? 0.0 : -scale * plain(batch, b, t));
        return new PolicyLoss(
                losses,
                steps.sum(losses),
                gradients,
                PolicyFigures.of(batch, (b, t) -> isCut(batch, b, t) ? 1.0 : 0.0, stepsInBatch));
    }

    private boolean isCut(PolicyBatch batch, int b, int t) {
        return clipped(batch, b, t) < plain(batch, b, t);
    }

    private static double plain(PolicyBatch batch, int b, int t) {
        return batch.ratio(b, t) * batch.advantages()[b][t];
    }

    private double clipped(PolicyBatch batch, int b, int t) {
        double ratio = Math.max(1.0 - clipRange, Math.min(1.0 + clipRange, batch.ratio(b, t)));
        return ratio * batch.advantages()[b][t];
    }
}
