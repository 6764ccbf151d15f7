package org.encore.rewards.specs;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.encore.base.settings.Checks;
import org.encore.rewards.RewardModel;
import org.encore.rewards.RewardProvider;
import org.encore.rewards.TimeLimitedReward;
import org.encore.rewards.mixture.RewardSpec;

/**
 * A reward written in Java outside Encore, found on the class path.
 *
 * @param name name of its {@link RewardProvider}
 * @param options options of the provider
 * @param timeoutSeconds time limit per batch
 */
public record Java(String name, Map<String, String> options, double timeoutSeconds) implements RewardSpec {
    public Java {
        Checks.above("timeoutSeconds", timeoutSeconds, 0.0);
        options = Collections.unmodifiableMap(new TreeMap<>(options));
        if (name != null) {
            RewardProvider.named(name);
        }
    }

    /** Without options. The name is null, because a configuration must give it. */
    public static Java defaults() {
        return new Java(null, Map.of(), TimeLimitedReward.USUAL_SECONDS);
    }

    @Override
    public void requireUsable(String id) {
        made(id);
    }

    @Override
    public RewardModel reward(String id) {
        return new TimeLimitedReward(made(id), timeoutSeconds);
    }

    private RewardModel made(String id) {
        SortedMap<String, String> sorted = new TreeMap<>(options);
        RewardModel reward = RewardProvider.named(name).reward(id, sorted);
        if (!reward.id().equals(id)) {
            throw new IllegalArgumentException(
                    "name is \"" + name + "\", but that provider made a reward with the id \"" + reward.id()
                            + "\" instead of \"" + id + "\"");
        }
        return reward;
    }
}
