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

/** One pair before one listener. */
public final class Turn {
    private final String id = Secrets.fresh();
    private final List<String> clipIds = List.of(Secrets.fresh(), Secrets.fresh());
    private final Card card;
    private final Shown shownFirst;
    private final List<Recording> recordings;
    private final ListeningTime hearing;

    /**
     * Lays a pair before a listener.
     *
     * @param shownFirst which clip of the stored pair is A on the page
     * @param recordings A and B on the page
     * @param leastSeconds how much of either must be heard before a choice
     */
    public Turn(Card card, Shown shownFirst, List<Recording> recordings, double leastSeconds) {
        this.card = card;
        this.shownFirst = shownFirst;
        this.recordings = List.copyOf(recordings);
        this.hearing = new ListeningTime(length(recordings.get(0)), length(recordings.get(1)), leastSeconds);
    }

    /** What a listener can decide; first and second are A and B on the page. */
    public enum Choice {
        FIRST,
        SECOND,
        TIE,
        BOTH_BAD,
        SKIP
    }

    /** What the page calls the turn. */
    public String id() {
        return id;
    }

    /** What the page calls the two clips. */
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

    public ListeningTime hearing() {
        return hearing;
    }

    /** What the store is told of a choice: about clips a and b of the pair, wherever they stood. */
    public Opinion opinion(Choice choice) {
        boolean straight = shownFirst == Shown.A;
        List<Double> heard = hearing.heardSeconds();
        return new Opinion(
                preference(choice, straight),
                OptionalDouble.of(heard.get(straight ? 0 : 1)),
                OptionalDouble.of(heard.get(straight ? 1 : 0)),
                Optional.of(shownFirst));
    }

    private static Preference preference(Choice choice, boolean straight) {
        Preference asShown =
                switch (choice) {
                    case FIRST -> Preference.A;
                    case SECOND -> Preference.B;
                    case TIE -> Preference.TIE;
                    case BOTH_BAD -> Preference.BOTH_BAD;
                    case SKIP -> Preference.SKIP;
                };
        return straight ? asShown : asShown.mirrored();
    }

    private static Length length(Recording recording) {
        return new Length(recording.seconds(), recording.length());
    }

    /**
     * How much of the two clips of a turn was heard.
     *
     * <p>The page says how many seconds it has played; the server believes it only as far as its own observations go: not
     * more of a clip than it has delivered, and for both clips together not more than the time since it delivered the first
     * byte. What remains to be trusted is that the page really played what it says, and that somebody listened.
     *
     * <p>Not safe for use by several threads at once.
     */
    public static final class ListeningTime {
        /** A page is asked for a little less than a whole clip, because players stop short of the last samples. */
        private static final double SHARE_OF_WHOLE = 0.95;

        private static final int BLOCK_BYTES = 1024;
        private static final long NEVER = Long.MIN_VALUE;

        private final Part[] parts;
        private long firstDeliveryMillis = NEVER;

        /** What is known of one clip. */
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
         * @param seconds as it is heard
         * @param bytes as it is delivered, at least 1
         */
        public record Length(double seconds, int bytes) {}

        /**
         * Begins with nothing heard.
         *
         * @param leastSeconds how much of either clip must be heard before a choice; of shorter clips nearly all
         */
        public ListeningTime(Length first, Length second, double leastSeconds) {
            parts = new Part[] {new Part(first, leastSeconds), new Part(second, leastSeconds)};
        }

        /** The server hands out bytes of a clip, {@code from} inclusive to {@code to} exclusive. */
        public void delivered(int side, int from, int to, long nowMillis) {
            if (firstDeliveryMillis == NEVER) {
                firstDeliveryMillis = nowMillis;
            }
            if (to > from) {
                parts[side].delivered.set(block(from), block(to - 1) + 1);
            }
        }

        /**
         * The page says how many different seconds of a clip it has played by now.
         *
         * @throws Refusal if that is no length of time
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

        /** Seconds of a clip that must be heard before a choice. */
        public double neededSeconds(int side) {
            return parts[side].neededSeconds;
        }

        /** Whether enough of both was heard for a choice. */
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
