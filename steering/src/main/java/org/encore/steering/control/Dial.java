package org.encore.steering.control;

import java.util.OptionalDouble;

/**
 * A trait and how much of it is wanted.
 *
 * @param trait name of the trait
 * @param degree the monitor stops pushing where the watched probability of the trait is at least this, in (0, 1]; below 0, in [-1, 0), where the probability that it is absent is at least {@code -degree}; 0 does nothing; empty for the threshold of the paper, {@code median(acc) - std(acc)}
 */
public record Dial(String trait, OptionalDouble degree) {
    public Dial {
        if (degree.isPresent() && !(degree.getAsDouble() >= -1.0 && degree.getAsDouble() <= 1.0)) {
            throw new IllegalArgumentException(
                    "degree of " + trait + " is " + degree.getAsDouble() + ", but must lie in [-1, 1]");
        }
    }

    /**
     * Reads {@code trait} or {@code trait=degree}.
     *
     * @throws IllegalArgumentException if the degree is no number in [-1, 1]
     */
    public static Dial parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            return new Dial(text, OptionalDouble.empty());
        }
        String degree = text.substring(equals + 1);
        try {
            return new Dial(text.substring(0, equals), OptionalDouble.of(Double.parseDouble(degree)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" has the degree \"" + degree
                            + "\", but must be TRAIT or TRAIT=DEGREE with a number in [-1, 1], such as drums=0.8",
                    e);
        }
    }

    /** 1 to add the trait, -1 to take it away, 0 for neither. */
    double sign() {
        return degree.isEmpty() ? 1.0 : Math.signum(degree.getAsDouble());
    }
}
