package org.encore.preferences.listening.turns;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.encore.preferences.Preference;
import org.encore.preferences.listening.clips.Recordings.Recording;
import org.encore.preferences.listening.turns.Deck.Card;
import org.encore.preferences.listening.turns.Turn.ListeningTime.Length;
import org.encore.preferences.store.Ballot.Opinion;
import org.encore.preferences.store.Ballot.Shown;
import org.encore.web.Refusal;
import org.encore.web.Secrets;

/** One pair that is presented to one listener. */
public final class Turn {
    private final String id = Secrets.fresh();
    private final List<String> clipIds = List.of(Secrets.fresh(), Secrets.fresh());
    private final Card card;
    private final Shown shownFirst;
    private final List<Recording> recordings;
    private final ListeningTime listening;

    /**
     * Creates a turn.
     *
     * @param shownFirst which clip of the stored pair is A on the page
     * @param recordings A and B on the page
     * @param leastSeconds seconds of each clip that must be heard before a vote
     */
    public Turn(Card card, Shown shownFirst, List<Recording> recordings, double leastSeconds) {
        this.card = card;
        this.shownFirst = shownFirst;
        this.recordings = List.copyOf(recordings);
        this.listening = new ListeningTime(length(recordings.get(0)), length(recordings.get(1)), leastSeconds);
    }

    private Turn(Turn earlier) {
        this.card = earlier.card;
        this.shownFirst = earlier.shownFirst;
        this.recordings = earlier.recordings;
        this.listening = earlier.listening;
    }

    /** The same pair once more, with new ids, on the same sides, and with what was heard of it. */
    Turn again() {
        return new Turn(this);
    }

    /** The choices of a listener; first and second are A and B on the page. */
    public enum Choice {
        FIRST,
        SECOND,
        TIE,
        BOTH_BAD,
        SKIP,
        /** The clip with the higher rating. */
        RATED
    }

    /**
     * What a listener decides.
     *
     * @param choice the choice
     * @param ratings of A and B on the page, from 1 to 5; empty without ratings
     * @param comment what the listener wrote; empty if nothing
     */
    public record Decision(Choice choice, List<Double> ratings, String comment) {
        public Decision {
            ratings = List.copyOf(ratings);
        }

        /** A decision without a comment. */
        public Decision(Choice choice, List<Double> ratings) {
            this(choice, ratings, "");
        }
    }

    /** The id of the turn on the page. */
    public String id() {
        return id;
    }

    /** The ids of the two clips on the page. */
    public List<String> clipIds() {
        return clipIds;
    }

    /** The side of a clip, if it is one of this turn. */
    public OptionalInt side(String clipId) {
        int side = clipIds.indexOf(clipId);
        return side < 0 ? OptionalInt.empty() : OptionalInt.of(side);
    }

    public Card card() {
        return card;
    }

    public Recording recording(int side) {
        return recordings.get(side);
    }

    public ListeningTime listening() {
        return listening;
    }

    /** Translates a decision into an opinion on clips a and b of the stored pair. */
    public Opinion opinion(Decision decision) {
        boolean straight = shownFirst == Shown.A;
        List<Double> heard = listening.heardSeconds();
        return new Opinion(
                preference(decision, straight),
                OptionalDouble.of(heard.get(straight ? 0 : 1)),
                OptionalDouble.of(heard.get(straight ? 1 : 0)),
                Optional.of(shownFirst),
                rating(decision, straight ? 0 : 1),
                rating(decision, straight ? 1 : 0));
    }

    private static OptionalDouble rating(Decision decision, int side) {
        return decision.ratings.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(decision.ratings.get(side));
    }

    private static Preference preference(Decision decision, boolean straight) {
        Preference asShown =
                switch (decision.choice) {
                    case FIRST -> Preference.A;
                    case SECOND -> Preference.B;
                    case TIE -> Preference.TIE;
                    case BOTH_BAD -> Preference.BOTH_BAD;
                    case SKIP -> Preference.SKIP;
                    case RATED -> Preference.ofRatings(decision.ratings.get(0), decision.ratings.get(1));
                };
        return straight ? asShown : asShown.mirrored();
    }

    private static Length length(Recording recording) {
        return new Length(recording.seconds(), recording.length());
    }

    /**
     * Listening time of the two clips of a turn.
     *
     * <p>The page reports the seconds it has played. The server limits them by what it observes: per clip by the
     * delivered bytes, and for both clips together by the time since the first byte was delivered. It cannot check that
     * the page really played the sound.
     *
     * <p>Not thread-safe.
     */
    public static final class ListeningTime {
        /** Share of a whole clip that counts as all of it, because players stop before the last samples. */
        private static final double SHARE_OF_WHOLE = 0.95;

        private static final int BLOCK_BYTES = 1024;
        private static final long NEVER = Long.MIN_VALUE;

        private final Part[] parts;
        private long firstDeliveryMillis = NEVER;

        /** The state of one clip. */
        private static final class Part {
            private final double lengthSeconds;
            private final double neededSeconds;
            private final int blocks;
            private final BitSet delivered = new BitSet();
            private double heardSeconds;

            Part(Length length, double leastSeconds) {
                lengthSeconds = length.seconds;
                neededSeconds = Math.min(leastSeconds, SHARE_OF_WHOLE * length.seconds);
                blocks = block(length.bytes - 1) + 1;
            }

            double deliveredSeconds() {
                return lengthSeconds * delivered.cardinality() / blocks;
            }
        }

        /**
         * Length of a clip.
         *
         * @param seconds length in seconds
         * @param bytes length of the file, at least 1
         */
        public record Length(double seconds, int bytes) {}

        /**
         * Starts at 0.
         *
         * @param leastSeconds seconds of each clip that must be heard before a vote; of shorter clips nearly all
         */
        public ListeningTime(Length first, Length second, double leastSeconds) {
            parts = new Part[] {new Part(first, leastSeconds), new Part(second, leastSeconds)};
        }

        /** Records delivered bytes of a clip, {@code from} inclusive to {@code to} exclusive. */
        public void delivered(int side, int from, int to, long nowMillis) {
            if (firstDeliveryMillis == NEVER) {
                firstDeliveryMillis = nowMillis;
            }
            if (to > from) {
                parts[side].delivered.set(block(from), block(to - 1) + 1);
            }
        }

        /**
         * Records how many different seconds of a clip the page has played so far.
         *
         * @throws Refusal if {@code seconds} is invalid
         */
        public void reported(int side, double seconds, long nowMillis) {
            if (!(seconds >= 0.0 && Double.isFinite(seconds))) {
                throw Refusal.malformed("seconds must be a number, at least 0");
            }
            Part part = parts[side];
            double elapsed = firstDeliveryMillis == NEVER ? 0.0 : (nowMillis - firstDeliveryMillis) / 1000.0;
            double believed = Math.min(Math.min(seconds, part.lengthSeconds), part.deliveredSeconds());
            believed = Math.min(believed, elapsed - parts[1 - side].heardSeconds);
            part.heardSeconds = Math.max(part.heardSeconds, believed);
        }

        /** Seconds of each clip that count as heard. */
        public List<Double> heardSeconds() {
            return List.of(parts[0].heardSeconds, parts[1].heardSeconds);
        }

        /** Seconds of a clip that must be heard before a vote. */
        public double neededSeconds(int side) {
            return parts[side].neededSeconds;
        }

        /** Whether enough of both clips was heard for a vote. */
        public boolean isEnough() {
            return isEnough(0) && isEnough(1);
        }

        private boolean isEnough(int side) {
            return parts[side].heardSeconds >= parts[side].neededSeconds;
        }

        private static int block(int place) {
            return place / BLOCK_BYTES;
        }
    }
}
