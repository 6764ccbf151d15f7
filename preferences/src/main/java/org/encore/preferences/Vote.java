package org.encore.preferences;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What one rater said about one pair.
 *
 * @param prompt what both clips were made for; empty if nothing was asked
 * @param a one clip
 * @param b the other clip
 * @param preferred the opinion
 * @param rater a pseudonym, the same for all votes of one rater
 * @param time when the vote was given, if that is known
 */
public record Vote(
        String prompt, RatedClip a, RatedClip b, Preference preferred, String rater, Optional<Instant> time) {
    public Vote {
        Objects.requireNonNull(prompt, "prompt");
        Objects.requireNonNull(a, "a");
        Objects.requireNonNull(b, "b");
        Objects.requireNonNull(preferred, "preferred");
        Objects.requireNonNull(time, "time");
        if (rater.isBlank()) {
            throw new IllegalArgumentException("rater is blank, but must name who judged, by a pseudonym");
        }
    }

    /**
     * One clip of a pair, and how long the rater heard it.
     *
     * @param clip the file; empty where only the system is known
     * @param system who made the clip, e.g. the name of a checkpoint; empty if unknown
     * @param listenedSeconds how long the rater listened, all plays together; empty if nobody measured it
     */
    public record RatedClip(Path clip, String system, OptionalDouble listenedSeconds) {
        public RatedClip {
            Objects.requireNonNull(clip, "clip");
            Objects.requireNonNull(system, "system");
            requireDuration(listenedSeconds);
        }

        /** A clip of an unknown maker that nobody timed. */
        public static RatedClip of(Path clip) {
            return new RatedClip(clip, "", OptionalDouble.empty());
        }

        /** The name by which statistics tell clips apart: the file, or the system where there is none. */
        public String item() {
            return clip.toString().isEmpty() ? system : clip.toString();
        }

        /**
         * Checks a time of listening.
         *
         * @throws IllegalArgumentException if it is negative, infinite or not a number
         */
        public static void requireDuration(OptionalDouble listenedSeconds) {
            double seconds = listenedSeconds.orElse(0.0);
            if (!(seconds >= 0.0 && Double.isFinite(seconds))) {
                throw new IllegalArgumentException(
                        "listened for " + seconds + " s, but must be a finite number of seconds, at least 0");
            }
        }
    }
}
