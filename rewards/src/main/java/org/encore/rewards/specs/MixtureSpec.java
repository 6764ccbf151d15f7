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
 * All rewards of a run, as they are configured.
 *
 * @param rewards the members, at least one, with different ids
 * @param onFailure what happens when one breaks its contract
 */
public record MixtureSpec(List<RewardEntry> rewards, OnFailure onFailure) {
    public MixtureSpec {
        rewards = List.copyOf(rewards);
        Mixture.requireDistinct(rewards.stream().map(RewardEntry::id).toList());
    }

    /** Does the clip do what the prompt mentions? A failure stops the run. */
    public static MixtureSpec defaults() {
        return new MixtureSpec(List.of(RewardEntry.defaults(RuleReward.RuleAdherence.defaults())), OnFailure.STOP);
    }

    /** Builds the mixture. */
    public Mixture mixture() {
        return Mixture.of(rewards.stream().map(RewardEntry::member).toList(), onFailure);
    }

    /**
     * One reward of a mixture: what all kinds have in common, and the settings of its kind.
     *
     * @param id the name in metrics
     * @param weight how much the normalised score counts, at least 0
     * @param schedule how the weight changes with time
     * @param normaliser how scores come to the common scale
     * @param clip limits of normalised scores
     * @param reward the settings of its kind
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

        /** With the name of its kind for an id, a constant weight of 1, its usual normaliser and no limits. */
        public static RewardEntry defaults(RewardSpec reward) {
            return new RewardEntry(
                    RewardKinds.nameOf(reward),
                    1.0,
                    WeightSchedule.defaults(),
                    reward.usualNormaliser(),
                    Bounds.defaults(),
                    reward);
        }

        /** The kinds of rewards that a configuration can name. */
        public static Map<String, Class<? extends Record>> kinds() {
            return RewardKinds.rewards();
        }

        /**
         * Looks for what the reward needs besides its settings, cheaply.
         *
         * @throws org.encore.base.files.InvalidFileException if a file is missing or not of the right kind
         * @throws IllegalArgumentException if something else is not as it must be
         */
        public void requireUsable() {
            reward.requireUsable(id);
        }

        /** The same with the files of the reward looked for elsewhere. */
        public RewardEntry located(UnaryOperator<Path> locate) {
            return new RewardEntry(id, weight, schedule, normaliser, clip, reward.located(locate));
        }

        /** Builds the reward with its weight. */
        public Member member() {
            return new Member(reward.reward(id), weight, schedule, normaliser, clip);
        }
    }
}
