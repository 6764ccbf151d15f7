package org.encore.preferences.store;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.encore.preferences.Preference;
import org.encore.preferences.Vote.RatedClip;

/**
 * One submission of a vote.
 *
 * @param key the same for repeated submissions of one vote, different for different votes; e.g. the id of a turn
 * @param pairId number of the pair
 * @param raterId number of the rater
 * @param opinion the vote itself
 * @param time time of the vote, if known
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
     * The preference of a rater and its circumstances.
     *
     * @param preferred the preference
     * @param listenedSecondsA total listening time of clip a; empty if unknown
     * @param listenedSecondsB total listening time of clip b; empty if unknown
     * @param shownFirst which clip was shown first, or on the left; empty if unknown
     * @param ratingA rating of clip a from 1 to 5; empty if there is none
     * @param ratingB rating of clip b
     */
    public record Opinion(
            Preference preferred,
            OptionalDouble listenedSecondsA,
            OptionalDouble listenedSecondsB,
            Optional<Shown> shownFirst,
            OptionalDouble ratingA,
            OptionalDouble ratingB) {
        /** An opinion without ratings. */
        public Opinion(
                Preference preferred,
                OptionalDouble listenedSecondsA,
                OptionalDouble listenedSecondsB,
                Optional<Shown> shownFirst) {
            this(
                    preferred,
                    listenedSecondsA,
                    listenedSecondsB,
                    shownFirst,
                    OptionalDouble.empty(),
                    OptionalDouble.empty());
        }

        public Opinion {
            Objects.requireNonNull(preferred, "preferred");
            Objects.requireNonNull(shownFirst, "shownFirst");
            RatedClip.requireDuration(listenedSecondsA);
            RatedClip.requireDuration(listenedSecondsB);
            RatedClip.requireRating(ratingA);
            RatedClip.requireRating(ratingB);
        }
    }

    /**
     * The acknowledgement of a ballot, returned when it is on disk.
     *
     * @param judgementId number of the vote in the database
     * @param repeated whether a ballot with this key had been recorded before, so that nothing was added
     */
    public record Receipt(long judgementId, boolean repeated) {}

    /** One of the two clips of a pair. */
    public enum Shown {
        A,
        B
    }
}
