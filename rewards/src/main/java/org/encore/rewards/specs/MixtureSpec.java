package org.encore.rewards.specs;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.encore.base.settings.Inlined;
import org.encore.rewards.mixture.Mixture;
import org.encore.rewards.mixture.Mixture.Member;
import org.encore.rewards.mixture.Mixture.OnFailure;
import org.encore.rewards.mixture.Normaliser;
import org.encore.rewards.mixture.Normaliser.Bounds;
import org.encore.rewards.mixture.RewardSpec;
import org.encore.rewards.mixture.WeightSchedule;

/**
 * Configuration of all rewards of a run.
 *
 * @param rewards at least one, with different ids
 * @param onFailure reaction to a reward that throws or returns scores that are not finite
 */
public record MixtureSpec(List<RewardEntry> rewards, OnFailure onFailure) {
    public MixtureSpec {
        rewards = List.copyOf(rewards);
        Mixture.requireDistinct(rewards.stream().map(RewardEntry::id).toList());
    }

    /** Rule adherence alone; a failure stops the run. */
    public static MixtureSpec defaults() {
        return new MixtureSpec(List.of(RewardEntry.defaults(RuleReward.RuleAdherence.defaults())), OnFailure.STOP);
    }

    /** Builds the mixture. */
    public Mixture mixture() {
        return Mixture.of(rewards.stream().map(RewardEntry::member).toList(), onFailure);
    }

    /**
     * One reward of a mixture: the keys common to all kinds, and the settings of its kind.
     *
     * @param id name in metrics; the name of the kind if absent
     * @param weight weight of the normalised score in the total; 0 only reports the reward in metrics
     * @param schedule factor of the weight over the iterations
     * @param normaliser maps raw scores to the common scale on which rewards are weighed
     * @param clip bounds of the normalised score
     * @param reward settings of the kind
     */
    public record RewardEntry(
            String id,
            double weight,
            WeightSchedule schedule,
            Normaliser normaliser,
            Bounds clip,
            @Inlined RewardSpec reward) {
        public RewardEntry {
            Member.requireValid(id, weight);
            Objects.requireNonNull(schedule, "schedule");
            Objects.requireNonNull(normaliser, "normaliser");
            Objects.requireNonNull(clip, "clip");
            Objects.requireNonNull(reward, "reward");
        }

        /** The name of the kind as id, a constant weight of 1, the usual normaliser and no bounds. */
        public static RewardEntry defaults(RewardSpec reward) {
            return of(RewardKinds.nameOf(reward), reward);
        }

        /** A constant weight of 1, the usual normaliser and no bounds; the reward may be one that no configuration knows. */
        public static RewardEntry of(String id, RewardSpec reward) {
            return new RewardEntry(
                    id, 1.0, WeightSchedule.defaults(), reward.usualNormaliser(), Bounds.defaults(), reward);
        }

        /** The kinds of rewards in configurations. */
        public static Map<String, Class<? extends Record>> kinds() {
            return RewardKinds.rewards();
        }

        /**
         * Checks that the files of the reward exist, without loading them.
         *
         * @throws org.encore.base.files.InvalidFileException if a file is missing or not of the right kind
         * @throws IllegalArgumentException if a setting is wrong
         */
        public void requireUsable() {
            reward.requireUsable(id);
        }

        /** The same entry with other locations of its files. */
        public RewardEntry located(UnaryOperator<Path> locate) {
            return new RewardEntry(id, weight, schedule, normaliser, clip, reward.located(locate));
        }

        /** Builds the member of the mixture. */
        public Member member() {
            return new Member(reward.reward(id), weight, schedule, normaliser, clip);
        }
    }
}
