package org.encore.rewards;

import java.util.Objects;

/**
 * What a reward says about one sample: a value with its reasons, or that it abstains.
 *
 * @param explanation where the value comes from; of an abstention, a leaf that says why
 * @param abstains whether the reward has nothing to say about this sample
 */
public record Score(Explanation explanation, boolean abstains) {
    public Score {
        Objects.requireNonNull(explanation, "explanation");
    }

    /** A score whose value is that of its explanation. */
    public static Score of(Explanation explanation) {
        return new Score(explanation, false);
    }

    /** A score that is a plain number. */
    public static Score of(double value, String description) {
        return of(Explanation.leaf(value, description));
    }

    /** No score, and why. */
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
