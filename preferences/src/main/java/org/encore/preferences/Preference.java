package org.encore.preferences;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The preference of a rater for one clip of a pair. */
public enum Preference {
    /** Clip a is better. */
    A,
    /** Clip b is better. */
    B,
    /** Both are equally good. */
    TIE,
    /** Neither is good; counts as a tie in comparisons of the two. */
    BOTH_BAD,
    /** The rater did not answer; no information about the clips. */
    SKIP;

    /** The name in files and in the database: lower case, words joined by underscores. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads what {@link #key} writes, in any case. */
    public static Optional<Preference> of(String key) {
        return Arrays.stream(values())
                .filter(each -> each.name().equalsIgnoreCase(key))
                .findFirst();
    }

    /** All keys, for messages. */
    public static String keys() {
        return String.join(", ", Arrays.stream(values()).map(Preference::key).toList());
    }

    /** Whether one of the two clips was preferred. */
    public boolean isStrict() {
        return this == A || this == B;
    }

    /** The outcome of a game of a against b: 1 for a, -1 for b, 0 for a tie of any kind. */
    public int outcome() {
        return switch (this) {
            case A -> 1;
            case B -> -1;
            case TIE, BOTH_BAD, SKIP -> 0;
        };
    }

    /** The preference of a rater who gave the clips these ratings. */
    public static Preference ofRatings(double a, double b) {
        return a == b ? TIE : a > b ? A : B;
    }

    /** The same preference with the names of the clips exchanged. */
    public Preference mirrored() {
        return switch (this) {
            case A -> B;
            case B -> A;
            case TIE, BOTH_BAD, SKIP -> this;
        };
    }
}
