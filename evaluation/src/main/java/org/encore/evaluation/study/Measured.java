package org.encore.evaluation.study;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.encore.evaluation.profile.Profile;

/**
 * All that is known of a checkpoint.
 *
 * @param label its name
 * @param played the referee on its samples
 * @param rewards each reward's scores of other samples, {@code [N]}, NaN where it abstained
 * @param profiles by perturbation
 */
public record Measured(
        String label, PlayedFigures played, Map<String, double[]> rewards, Map<String, Profile> profiles) {
    public Measured {
        rewards = Collections.unmodifiableMap(new LinkedHashMap<>(rewards));
        profiles = Collections.unmodifiableMap(new LinkedHashMap<>(profiles));
    }
}
