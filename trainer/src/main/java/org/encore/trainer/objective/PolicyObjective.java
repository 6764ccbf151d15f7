package org.encore.trainer.objective;

/** Turns advantages into the loss of the policy and its derivative by the log-probability of each sampled action. */
public sealed interface PolicyObjective permits Reinforce, ClippedSurrogate {
    /**
     * Computes loss, gradient and figures of a batch or of a part of one.
     *
     * @param batch the samples
     * @param weight factor of the whole loss: {@code 1 - α} in the objective of MusicRL, 1 where the divergence is
     *     charged in the reward
     * @param stepsInBatch N, the number of valid steps in the whole batch, of which this may be a part
     */
    PolicyLoss evaluate(PolicyBatch batch, double weight, int stepsInBatch);

    /** The objective of the MusicRL paper. */
    static PolicyObjective defaults() {
        return Reinforce.defaults();
    }
}
