package org.encore.trainer.kl;

import java.util.Objects;
import org.encore.trainer.advantages.ValidSteps;

/** Says where the divergence from the reference is charged: in the loss, or in the reward. */
public sealed interface KlPenalty {
    /** What the coefficient must stay below for the objective to make sense. */
    double coefficientLimit();

    /** The factor of the policy objective at a coefficient. */
    double policyWeight(double coefficient);

    /** The factor of the exact divergence in the loss at a coefficient; 0 where it is no part of the loss. */
    double lossWeight(double coefficient);

    /**
     * Computes what each step's reward gains by the penalty, never counted twice: 0 where the loss charges it.
     *
     * @param coefficient weight of the divergence
     * @param steps the batch
     * @param logProbs log-probability of the sampled actions under the policy that sampled them, in nats
     * @param referenceLogProbs the same under the reference
     * @return rewards to be added, in units of reward
     * @shape logProbs, referenceLogProbs and result {@code [B, S]}
     */
    double[][] rewards(double coefficient, ValidSteps steps, double[][] logProbs, double[][] referenceLogProbs);

    /** The penalty of the MusicRL paper, as we read it. */
    static KlPenalty defaults() {
        return ExactInLoss.defaults();
    }

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
    record ExactInLoss() implements KlPenalty {
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
        public double[][] rewards(
                double coefficient, ValidSteps steps, double[][] logProbs, double[][] referenceLogProbs) {
            return steps.table((b, t) -> 0.0);
        }
    }

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
    record SampledInReward(KlEstimator estimator) implements KlPenalty {
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
        public double[][] rewards(
                double coefficient, ValidSteps steps, double[][] logProbs, double[][] referenceLogProbs) {
            return steps.table((b, t) -> -coefficient * estimator.at(logProbs[b][t], referenceLogProbs[b][t]));
        }
    }

    /**
     * The whole penalty: where it is charged and how strong it is.
     *
     * @param penalty where the divergence is charged
     * @param controller how the coefficient moves
     */
    record KlSettings(KlPenalty penalty, KlController controller) {
        public KlSettings {
            Objects.requireNonNull(penalty, "penalty is missing");
            Objects.requireNonNull(controller, "controller is missing");
            if (!(controller.largest() < penalty.coefficientLimit())) {
                throw new IllegalArgumentException(
                        "the coefficient may reach " + controller.largest() + ", but must stay below "
                                + penalty.coefficientLimit() + " where the loss charges the divergence");
            }
        }

        /** As in the MusicRL paper: exact, in the loss, with a fixed coefficient. */
        public static KlSettings defaults() {
            return new KlSettings(KlPenalty.defaults(), KlController.defaults());
        }
    }
}
