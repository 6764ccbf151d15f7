package org.encore.preferences.training;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A reward learned from votes.
 *
 * @param seed decides everything random in the training
 * @param pairs the votes to learn from
 * @param learner what learns from them, and how
 */
public record PreferenceTrainSettings(long seed, Pairs pairs, PreferenceLearner learner) {
    /**
     * Which votes.
     *
     * @param train a file of votes or a database
     * @param heldOut votes on other clips and prompts, to measure with; nothing is learned from them. A network needs them;
     *     measures are cross-validated instead
     * @param minListeningSeconds only votes of raters who heard each clip for this long, at least 0
     */
    public record Pairs(Path train, Optional<Path> heldOut, double minListeningSeconds) {
        public Pairs {
            if (!(minListeningSeconds >= 0.0 && Double.isFinite(minListeningSeconds))) {
                throw new IllegalArgumentException("minListeningSeconds is " + minListeningSeconds
                        + ", but must be a finite number of seconds, at least 0");
            }
        }

        /** All votes of the files that {@code preferences simulate} writes. */
        public static Pairs defaults() {
            return new Pairs(Path.of("runs/pairs/train.jsonl"), Optional.empty(), 0.0);
        }
    }

    public PreferenceTrainSettings {
        if (learner instanceof PreferenceLearner.Network && pairs.heldOut().isEmpty()) {
            throw new IllegalArgumentException(
                    "pairs.heldOut is absent, but a network is measured on votes that it does not learn from: name"
                            + " them");
        }
    }

    /** Measures, which need no held-out votes. */
    public static PreferenceTrainSettings defaults() {
        return new PreferenceTrainSettings(1, Pairs.defaults(), PreferenceLearner.Measures.defaults());
    }
}
