package org.encore.rewards.specs;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.encore.rewards.RewardModel;
import org.encore.rewards.RewardProvider;
import org.encore.rewards.TimeLimitedReward;
import org.encore.rewards.mixture.Member;
import org.encore.rewards.mixture.Normaliser;
import org.encore.rewards.mixture.Normaliser.Bounds;
import org.encore.rewards.mixture.Normaliser.Identity;
import org.encore.rewards.mixture.WeightSchedule;
import org.encore.rewards.mixture.WeightSchedule.Constant;

/**
 * A reward in Java that is not part of Encore.
 *
 * @param name of its {@link RewardProvider} on the class path
 * @param options for it
 * @param timeoutSeconds the most time for one batch
 */
public record Java(
        String id,
        double weight,
        WeightSchedule schedule,
        Normaliser normaliser,
        Bounds clip,
        String name,
        Map<String, String> options,
        double timeoutSeconds)
        implements RewardSpec {
    public Java {
        Member.requireValid(id, weight);
        TimeLimitedReward.requireValid(timeoutSeconds);
        options = Collections.unmodifiableMap(new TreeMap<>(options));
        if (name != null) {
            RewardProvider.named(name);
        }
    }

    /** With weight 1 and ten minutes: our choice. The name is null: a configuration must say it. */
    public static Java defaults() {
        return new Java(
                "java", 1.0, new Constant(), new Identity(), Bounds.defaults(), null, Map.of(), LONGEST_SECONDS);
    }

    @Override
    public void requireUsable() {
        made();
    }

    @Override
    public RewardModel reward() {
        return new TimeLimitedReward(made(), timeoutSeconds);
    }

    private RewardModel made() {
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
