package org.encore.preferences.store;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.encore.preferences.Preference;
import org.encore.preferences.Vote.RatedClip;

/**
 * One submission of a rater.
 *
 * @param key the same for repeated submissions of one vote and different for different votes, e.g. a random text that a
 *     page made when it showed the pair
 * @param pairId the pair judged
 * @param raterId who judged
 * @param opinion what was said
 * @param time when it was said, if that is known
 */
public record Ballot(String key, long pairId, long raterId, Opinion opinion, Optional<Instant> time) {
    public Ballot {
        Objects.requireNonNull(opinion, "opinion");
        Objects.requireNonNull(time, "time");
        if (key.isBlank()) {
            throw new IllegalArgumentException("the key of a ballot is blank, but must tell it from all others");
        }
    }

    /**
     * What a rater said, and under which circumstances.
     *
     * @param preferred the opinion
     * @param listenedSecondsA how long clip a was heard, all plays together; empty if nobody measured it
     * @param listenedSecondsB how long clip b was heard
     * @param shownFirst which clip was shown first, or on the left; empty if unknown
     */
    public record Opinion(
            Preference preferred,
            OptionalDouble listenedSecondsA,
            OptionalDouble listenedSecondsB,
            Optional<Shown> shownFirst) {
        public Opinion {
            Objects.requireNonNull(preferred, "preferred");
            Objects.requireNonNull(shownFirst, "shownFirst");
            RatedClip.requireDuration(listenedSecondsA);
            RatedClip.requireDuration(listenedSecondsB);
        }
    }

    /**
     * The acknowledgement of a ballot, given when it is safe on the disk.
     *
     * @param judgementId the judgement's number in the database
     * @param repeated true if a ballot of this key had been recorded before, and nothing was added
     */
    public record Receipt(long judgementId, boolean repeated) {}

    /** One of the two clips of a pair. */
    public enum Shown {
        A,
        B
    }
}
