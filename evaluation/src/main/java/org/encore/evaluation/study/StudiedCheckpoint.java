package org.encore.evaluation.study;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.encore.evaluation.profile.Profile;
import org.encore.evaluation.study.Quality.CompletionMetrics;

/**
 * All that is known of a checkpoint.
 *
 * @param label its name
 * @param played the referee on its samples
 * @param rewards each reward's scores of other samples, {@code [N]}, NaN where it abstained
 * @param profiles by perturbation
 */
public record StudiedCheckpoint(
        String label, CompletionMetrics played, Map<String, double[]> rewards, Map<String, Profile> profiles) {
    public StudiedCheckpoint {
        rewards = Collections.unmodifiableMap(new LinkedHashMap<>(rewards));
        profiles = Collections.unmodifiableMap(new LinkedHashMap<>(profiles));
    }
}
