package org.encore.rewards;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A number and its derivation, as a tree that can be checked and printed.
 *
 * @param value the number
 * @param description meaning of the number, on one line
 * @param origin how the value follows from the details
 * @param details the numbers that it follows from; empty for a leaf
 */
public record Explanation(double value, String description, Origin origin, List<Explanation> details)
        implements Serializable {
    /** How a value follows from the details below it. */
    public enum Origin {
        /** It was measured and has no details. */
        LEAF,
        /** It is the sum of the details. */
        SUM,
        /** It is the product of the details. */
        PRODUCT,
        /** It follows from the details as described. */
        DERIVED
    }

    public Explanation {
        Objects.requireNonNull(description, "description");
        details = List.copyOf(details);
        if ((origin == Origin.LEAF) != details.isEmpty()) {
            throw new IllegalArgumentException("\"" + description + "\" is a " + origin + " with " + details.size()
                    + " details, but a leaf has none and everything else has some");
        }
    }

    /** A measured number. */
    public static Explanation leaf(double value, String description) {
        return new Explanation(value, description, Origin.LEAF, List.of());
    }

    /** The sum of some parts. */
    public static Explanation sum(String description, List<Explanation> parts) {
        return new Explanation(sumOf(parts), description, Origin.SUM, parts);
    }

    /** The product of some factors. */
    public static Explanation product(String description, Explanation... factors) {
        return new Explanation(productOf(List.of(factors)), description, Origin.PRODUCT, List.of(factors));
    }

    /** A number that follows from others as described. */
    public static Explanation derived(double value, String description, Explanation... from) {
        return new Explanation(value, description, Origin.DERIVED, List.of(from));
    }

    /**
     * Whether every sum and product in the tree matches its details, and every number is finite.
     *
     * @param tolerance largest absolute difference allowed
     */
    public boolean addsUp(double tolerance) {
        double difference =
                switch (origin) {
                    case SUM -> value - sumOf(details);
                    case PRODUCT -> value - productOf(details);
                    case LEAF, DERIVED -> 0.0;
                };
        return Double.isFinite(value)
                && Math.abs(difference) <= tolerance
                && details.stream().allMatch(detail -> detail.addsUp(tolerance));
    }

    /** The tree as text, one number per line, details indented. */
    public String outline() {
        StringBuilder text = new StringBuilder();
        append(text, 0);
        return text.toString();
    }

    private void append(StringBuilder text, int depth) {
        text.append("  ".repeat(depth))
                .append(String.format(Locale.ROOT, "%.4f", value))
                .append(' ')
                .append(description)
                .append('\n');
        for (Explanation detail : details) {
            detail.append(text, depth + 1);
        }
    }

    private static double sumOf(List<Explanation> parts) {
        double sum = 0.0;
        for (Explanation part : parts) {
            sum += part.value;
        }
        return sum;
    }

    private static double productOf(List<Explanation> factors) {
        double product = 1.0;
        for (Explanation factor : factors) {
            product *= factor.value;
        }
        return product;
    }
}
