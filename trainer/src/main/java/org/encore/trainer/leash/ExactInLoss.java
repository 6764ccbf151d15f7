package org.encore.trainer.leash;

import org.encore.trainer.steps.ValidSteps;

/**
 * Charges the exact divergence, summed over the vocabulary, in the loss.
 *
 * <p>{@code J = (1-α) Σ_t log π(a_t|s_t) A_t - α Σ_t Σ_a π(a|s_t) log(π(a|s_t)/π₀(a|s_t))}. The paper prints the inner
 * sum without its weight π; with the weight it is KL(π ‖ π₀), which is what this takes. It carries no sampling noise of
 * actions and is never negative. Its gradient is exact for each visited state; that the policy also decides which
 * states it visits is left out. With several codebooks the divergence of a step is their sum.
 *
 * @paper Cideron et al. 2024, MusicRL, the objective, <a href="https://arxiv.org/abs/2402.04229">arXiv 2402.04229</a>
 */
public record ExactInLoss() implements KlPenalty {
    /** The only value. */
    public static ExactInLoss defaults() {
        return new ExactInLoss();
    }

    /** 1: there the rewards would count no more, beyond it they would be avoided. */
    @Override
    public double coefficientLimit() {
        return 1.0;
    }

    /** {@code 1 - α}. */
    @Override
    public double policyWeight(double coefficient) {
        return 1.0 - coefficient;
    }

    /** {@code α}. */
    @Override
    public double lossWeight(double coefficient) {
        return coefficient;
    }

    @Override
    public double[][] rewards(double coefficient, ValidSteps steps, double[][] logProbs, double[][] referenceLogProbs) {
        return steps.table((b, t) -> 0.0);
    }
}
