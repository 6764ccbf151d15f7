package org.encore.trainer.kl;

import java.util.Objects;
import org.encore.trainer.advantages.ValidSteps;

/** Where the KL penalty is applied: in the loss, or in the reward. */
public sealed interface KlPenalty {
    /** Exclusive upper bound of the coefficient. */
    double coefficientLimit();

    /** Factor of the policy objective. */
    double policyWeight(double coefficient);

    /** Factor of the exact KL in the loss; 0 if the penalty is in the reward. */
    double lossWeight(double coefficient);

    /**
     * The penalty as a reward of each step; 0 if the penalty is in the loss, so that it never counts twice.
     *
     * @param coefficient KL coefficient
     * @param steps the batch
     * @param logProbs log-probability of the sampled actions under the policy that sampled them, in nats
     * @param referenceLogProbs the same under the reference
     * @return rewards to add, in units of reward
     * @shape logProbs, referenceLogProbs and result {@code [B, T]}
     */
    double[][] rewards(double coefficient, ValidSteps steps, double[][] logProbs, double[][] referenceLogProbs);

    /** The penalty of the MusicRL paper, as we read it. */
    static KlPenalty defaults() {
        return ExactInLoss.defaults();
    }

    /**
     * Adds the exact KL, summed over the vocabulary, to the loss.
     *
     * <p>{@code J = (1-α) Σ_t log π(a_t|s_t) A_t - α Σ_t Σ_a π(a|s_t) log(π(a|s_t)/π₀(a|s_t))}. The paper prints the inner
     * sum without its weight π; with the weight it is KL(π ‖ π₀), which is used here. It has no sampling noise of actions and
     * is never negative. Its gradient is exact for each visited state, but ignores that the policy also decides which states
     * it visits. With several codebooks the KL of a step is their sum.
     *
     * @paper Cideron et al. 2024, MusicRL, the objective, <a href="https://arxiv.org/abs/2402.04229">arXiv 2402.04229</a>
     */
    record ExactInLoss() implements KlPenalty {
        /** The only value. */
        public static ExactInLoss defaults() {
            return new ExactInLoss();
        }

        /** 1: at 1 the rewards have no weight, beyond it a negative one. */
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
     * Subtracts an estimate of the KL from the reward of each step: {@code r_t - β k_t}.
     *
     * <p>The return then includes the KL of all later steps, so the policy also learns to avoid states of high KL. Only
     * {@link KlEstimator#K1} gives the policy gradient of the KL; k2 and k3 are other penalties with the same minimum.
     *
     * @param estimator the KL estimator of each step
     * @paper Ziegler et al. 2019, section 2, <a href="https://arxiv.org/abs/1909.08593">arXiv 1909.08593</a> (with k1)
     */
    record SampledInReward(KlEstimator estimator) implements KlPenalty {
        public SampledInReward {
            Objects.requireNonNull(estimator, "estimator is missing, but must be one of k1, k2, k3");
        }

        /** The estimator of the paper: k1. */
        public static SampledInReward defaults() {
            return new SampledInReward(KlEstimator.K1);
        }

        /** No bound. */
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
     * The KL penalty: where it is applied, and its coefficient.
     *
     * @param penalty where the penalty is applied: in the loss or in the reward
     * @param controller how the coefficient changes over iterations
     */
    record KlSettings(KlPenalty penalty, KlController controller) {
        public KlSettings {
            Objects.requireNonNull(penalty, "penalty is missing");
            Objects.requireNonNull(controller, "controller is missing");
            if (!(controller.largest() < penalty.coefficientLimit())) {
                throw new IllegalArgumentException("the coefficient may reach " + controller.largest()
                        + ", but must stay below " + penalty.coefficientLimit() + " for a penalty in the loss");
            }
        }

        /** As in the MusicRL paper: exact KL in the loss, with a fixed coefficient. */
        public static KlSettings defaults() {
            return new KlSettings(KlPenalty.defaults(), KlController.defaults());
        }
    }
}
