package org.encore.preferences;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The preference of one rater for one pair.
 *
 * @param prompt prompt of both clips; empty if there is none
 * @param a one clip
 * @param b the other clip
 * @param preferred the preference
 * @param rater a pseudonym, the same for all votes of one rater
 * @param time time of the vote, if known
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

    /** Whether both sides are the same clip: such a vote says nothing of clips, and counts nowhere. */
    public boolean isOfOneClip() {
        return !a.clip().toString().isEmpty() && a.clip().equals(b.clip());
    }

    /** The same vote with the sides exchanged. */
    public Vote mirrored() {
        return new Vote(prompt, b, a, preferred.mirrored(), rater, time);
    }

    /**
     * One clip of a pair, with its listening time.
     *
     * @param clip the file; empty if only the system is known
     * @param system system that made the clip, e.g. the name of a checkpoint; empty if unknown
     * @param listenedSeconds total listening time of the rater; empty if unknown
     * @param rating the rater's rating, from 1 (bad) to 5 (excellent); empty if there is none
     */
    public record RatedClip(Path clip, String system, OptionalDouble listenedSeconds, OptionalDouble rating) {
        /** The worst rating. */
        public static final double WORST = 1.0;

        /** The best rating. */
        public static final double BEST = 5.0;

        public RatedClip {
            Objects.requireNonNull(clip, "clip");
            Objects.requireNonNull(system, "system");
            requireDuration(listenedSeconds);
            requireRating(rating);
        }

        /** A clip without a rating. */
        public RatedClip(Path clip, String system, OptionalDouble listenedSeconds) {
            this(clip, system, listenedSeconds, OptionalDouble.empty());
        }

        /** A clip of unknown system and listening time. */
        public static RatedClip of(Path clip) {
            return new RatedClip(clip, "", OptionalDouble.empty());
        }

        /** The name of the clip in statistics: the file, or the system if there is no file. */
        public String item() {
            return clip.toString().isEmpty() ? system : clip.toString();
        }

        /**
         * Checks a rating.
         *
         * @throws IllegalArgumentException if it is not between {@link #WORST} and {@link #BEST}
         */
        public static void requireRating(OptionalDouble rating) {
            double number = rating.orElse(WORST);
            if (!(number >= WORST && number <= BEST)) {
                throw new IllegalArgumentException("a rating is " + number + ", but must be from 1 to 5");
            }
        }

        /**
         * Checks a listening time.
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
