package org.encore.trainer.objective;

/** Loss of the policy on a batch or a part of one; tables hold NaN after the valid steps. */
public final class PolicyLoss {
    private final double loss;
    private final double[][] losses;
    private final double[][] gradients;
    private final PolicyFigures figures;

    PolicyLoss(double[][] losses, double loss, double[][] gradients, PolicyFigures figures) {
        this.losses = losses;
        this.loss = loss;
        this.gradients = gradients;
        this.figures = figures;
    }

    /** The loss: the sum of all {@link #losses()}. */
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
     * Derivative of the loss by the log-probability of each step.
     *
     * @shape result {@code [B, S]}
     */
    public double[][] gradients() {
        return gradients;
    }

    /** How far the policy has moved since it sampled. */
    public PolicyFigures figures() {
        return figures;
    }
}
