package org.encore.rewards.specs;

import java.util.List;
import org.encore.rewards.mixture.Mixture;
import org.encore.rewards.mixture.Mixture.OnFailure;

/**
 * All rewards of a run, as they are configured.
 *
 * @param rewards the members, at least one, with different ids
 * @param onFailure what happens when one breaks its contract
 */
public record MixtureSpec(List<RewardSpec> rewards, OnFailure onFailure) {
    public MixtureSpec {
        rewards = List.copyOf(rewards);
        Mixture.requireDistinct(rewards.stream().map(RewardSpec::id).toList());
    }

    /** Does the clip do what the prompt mentions? A failure stops the run. */
    public static MixtureSpec defaults() {
        return new MixtureSpec(List.of(RewardSpec.RuleAdherence.defaults()), OnFailure.STOP);
    }

    /** Builds the mixture. */
    public Mixture mixture() {
        return Mixture.of(rewards.stream().map(RewardSpec::member).toList(), onFailure);
    }
}
