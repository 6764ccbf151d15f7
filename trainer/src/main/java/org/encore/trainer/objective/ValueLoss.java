package org.encore.trainer.objective;

import org.encore.trainer.steps.ValidSteps;

/** Loss of the value network on a batch or a part of one; tables hold NaN after the valid steps. */
public final class ValueLoss {
    private final double loss;
    private final double[][] losses;
    private final double[][] gradients;

    ValueLoss(double[][] losses, double loss, double[][] gradients) {
        this.losses = losses;
        this.loss = loss;
        this.gradients = gradients;
    }

    /** The loss: the sum of all {@link #losses()}, in squared units of reward. */
    public double loss() {
        return loss;
    }

    /**
     * What each step adds to the loss.
     *
     * @shape result {@code [B, S]}
     */
    public double[][] losses() {
        return losses;
    }

    /**
     * Derivative of the loss by the value of each step.
     *
     * @shape result {@code [B, S]}
     */
    public double[][] gradients() {
        return gradients;
    }

    /**
     * Computes the share of the returns' variance that values foresee: {@code 1 - var(R - V) / var(R)}.
     *
     * @return at most 1; 0 is as good as a constant, negative worse than one; NaN if all returns are the same, when
     *     there is nothing to explain
     * @shape values and returns {@code [B, S]}
     */
    public static double explainedVariance(ValidSteps steps, double[][] values, double[][] returns) {
        double variance = steps.variance(returns);
        double unexplained = steps.variance(steps.table((b, t) -> returns[b][t] - values[b][t]));
        return variance > 0.0 ? 1.0 - unexplained / variance : Double.NaN;
    }
}
