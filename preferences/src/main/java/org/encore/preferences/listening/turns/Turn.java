package org.encore.preferences.listening.turns;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.encore.preferences.Preference;
import org.encore.preferences.listening.clips.Recording;
import org.encore.preferences.listening.turns.Hearing.Length;
import org.encore.preferences.store.Ballot.Opinion;
import org.encore.preferences.store.Ballot.Shown;

/** One pair before one listener. */
public final class Turn {
    private final String id = Secrets.fresh();
    private final List<String> clipIds = List.of(Secrets.fresh(), Secrets.fresh());
    private final Card card;
    private final Shown shownFirst;
    private final List<Recording> recordings;
    private final Hearing hearing;

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
        this.hearing = new Hearing(length(recordings.get(0)), length(recordings.get(1)), leastSeconds);
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

    public Hearing hearing() {
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
}
