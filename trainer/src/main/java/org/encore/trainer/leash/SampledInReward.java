package org.encore.trainer.leash;

import java.util.Objects;
import org.encore.trainer.steps.ValidSteps;

/**
 * Charges an estimate of the divergence in the reward of each step: {@code r_t - β k_t}.
 *
 * <p>The return then counts the divergence of all that follows, so that the policy also learns to avoid states where it
 * must diverge. {@link KlEstimator#K1} is the one whose policy gradient is that of the KL; k2 and k3 are other
 * penalties with their minimum at the same place.
 *
 * @param estimator the estimate taken at each step
 * @paper Ziegler et al. 2019, section 2, <a href="https://arxiv.org/abs/1909.08593">arXiv 1909.08593</a> (with k1)
 */
public record SampledInReward(KlEstimator estimator) implements KlPenalty {
    public SampledInReward {
        Objects.requireNonNull(estimator, "estimator is missing, but must be one of k1, k2, k3");
    }

    /** The published penalty: k1. */
    public static SampledInReward defaults() {
        return new SampledInReward(KlEstimator.K1);
    }

    /** Infinity: a coefficient of any size only outweighs the reward. */
    @Override
    public double coefficientLimit() {
        return Double.POSITIVE_INFINITY;
    }

    /** 1. */
    @Override
    public double policyWeight(double coefficient) {
        return 1.0;
    }

    /** 0. */
    @Override
    public double lossWeight(double coefficient) {
        return 0.0;
    }

    @Override
    public double[][] rewards(double coefficient, ValidSteps steps, double[][] logProbs, double[][] referenceLogProbs) {
        return steps.table((b, t) -> -coefficient * estimator.at(logProbs[b][t], referenceLogProbs[b][t]));
    }
}
