package org.encore.rewards.mixture;

import java.util.Objects;
import org.encore.base.settings.Checks;
import org.encore.rewards.RewardModel;
import org.encore.rewards.mixture.Normaliser.Bounds;

/**
 * A reward in a mixture, and how much it counts.
 *
 * @param reward the reward
 * @param weight how much its normalised score counts, at least 0; 0 only shows it in metrics
 * @param schedule how the weight changes with time
 * @param normaliser how its scores come to the common scale
 * @param clip limits of its normalised scores
 */
public record Member(RewardModel reward, double weight, WeightSchedule schedule, Normaliser normaliser, Bounds clip) {
    public Member {
        Objects.requireNonNull(reward, "reward");
        Objects.requireNonNull(schedule, "schedule");
        Objects.requireNonNull(normaliser, "normaliser");
        Objects.requireNonNull(clip, "clip");
        requireValid(reward.id(), weight);
    }

    /** A reward that is weighed as it is. */
    public static Member of(RewardModel reward, double weight) {
        return new Member(reward, weight, WeightSchedule.defaults(), Normaliser.defaults(), Bounds.defaults());
    }

    /**
     * Checks what a configuration says about a member.
     *
     * @throws IllegalArgumentException if the id would not do in metric names, or the weight is negative or not finite
     */
    public static void requireValid(String id, double weight) {
        if (!id.matches("[A-Za-z0-9._-]+")) {
            throw new IllegalArgumentException(
                    "id is \"" + id + "\", but must consist of letters, digits, dots, dashes and underscores");
        }
        Checks.atLeast("weight", weight, 0.0);
    }

    /** The id of the reward. */
    public String id() {
        return reward.id();
    }

    /** The weight at a step. */
    double weightAt(int step) {
        return weight * schedule.factorAt(step);
    }
}
