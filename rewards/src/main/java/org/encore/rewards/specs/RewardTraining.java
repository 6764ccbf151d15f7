package org.encore.rewards.specs;

import java.util.Objects;

/**
 * What {@code rewards train} reads.
 *
 * @param reward the reward to train
 */
public record RewardTraining(TrainingSpec reward) {
    public RewardTraining {
        Objects.requireNonNull(reward, "reward");
    }
}
