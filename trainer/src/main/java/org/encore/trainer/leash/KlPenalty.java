package org.encore.trainer.leash;

import org.encore.trainer.steps.ValidSteps;

/** Says where the divergence from the reference is charged: in the loss, or in the reward. */
public sealed interface KlPenalty permits ExactInLoss, SampledInReward {
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
}
