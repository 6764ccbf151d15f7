package org.encore.rewards.trained;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.encore.rewards.networks.Weight;

/**
 * A reward as training leaves it.
 *
 * @param kind the name of its {@link RewardKind}
 * @param title the first line of its card
 * @param settings everything that is needed to make it again from its weights; a record that Jackson can write and read
 * @param provenance what it was made from: data, seed, numbers of steps
 * @param weights what was learned
 */
public record TrainedReward(
        String kind, String title, Record settings, Map<String, Object> provenance, List<Weight> weights) {
    public TrainedReward {
        provenance = Collections.unmodifiableMap(new LinkedHashMap<>(provenance));
        weights = List.copyOf(weights);
    }
}
