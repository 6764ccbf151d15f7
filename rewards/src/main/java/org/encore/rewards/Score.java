package org.encore.rewards;

import java.io.Serializable;
import java.util.Objects;

/**
 * The score of one sample: a value with its explanation, or an abstention.
 *
 * @param explanation derivation of the value; for an abstention, a leaf with the reason
 * @param abstains whether the reward has no score for this sample
 */
public record Score(Explanation explanation, boolean abstains) implements Serializable {
    public Score {
        Objects.requireNonNull(explanation, "explanation");
    }

    /** A score whose value is that of its explanation. */
    public static Score of(Explanation explanation) {
        return new Score(explanation, false);
    }

    /** A score that is a measured number. */
    public static Score of(double value, String description) {
        return of(Explanation.leaf(value, description));
    }

    /** An abstention with its reason. */
    public static Score abstention(String reason) {
        return new Score(Explanation.leaf(0.0, reason), true);
    }

    /**
     * The value.
     *
     * @throws IllegalStateException if the reward abstains
     */
    public double value() {
        if (abstains) {
            throw new IllegalStateException("an abstention has no value: " + explanation.description());
        }
        return explanation.value();
    }
}
