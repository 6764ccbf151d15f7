package org.encore.rewards.mixture;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.encore.rewards.normalise.RunningMoments;

/**
 * What a mixture has learned so far; with it, a resumed run scores as an uninterrupted one would.
 *
 * @param step number of batches judged
 * @param moments mean and spread of the raw scores of each reward, by its id
 */
public record MixtureState(int step, Map<String, RunningMoments> moments) {
    public MixtureState {
        if (step < 0) {
            throw new IllegalArgumentException("step is " + step + ", but must be at least 0");
        }
        moments = Collections.unmodifiableMap(new LinkedHashMap<>(moments));
    }

    /** Nothing judged yet. */
    public static MixtureState initial() {
        return new MixtureState(0, Map.of());
    }

    /** The moments of a reward; those of nothing if it is new. */
    RunningMoments momentsOf(String id) {
        return moments.getOrDefault(id, RunningMoments.NONE);
    }
}
