package org.encore.preferences;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a rater said about a pair. */
public enum Preference {
    /** Clip a is better. */
    A,
    /** Clip b is better. */
    B,
    /** Both are as good. */
    TIE,
    /** Neither is good; counts as a tie in comparisons of the two. */
    BOTH_BAD,
    /** The rater did not want to say, which says nothing about the clips. */
    SKIP;

    /** As files and the database have it: lower case, words joined by an underscore. */
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

    /** As the outcome of a game of a against b: 1 for a, -1 for b, 0 for a tie of any kind. */
    public int outcome() {
        return switch (this) {
            case A -> 1;
            case B -> -1;
            case TIE, BOTH_BAD, SKIP -> 0;
        };
    }

    /** The same opinion with the names of the clips exchanged. */
    public Preference mirrored() {
        return switch (this) {
            case A -> B;
            case B -> A;
            case TIE, BOTH_BAD, SKIP -> this;
        };
    }
}
