package org.encore.statistics;

import java.util.Arrays;

/** Means that leave out NaN. */
public final class Means {
    private Means() {}

    /** The mean of the values that are not NaN; NaN without any. */
    public static double of(double... values) {
        return Arrays.stream(values)
                .filter(value -> !Double.isNaN(value))
                .average()
                .orElse(Double.NaN);
    }

    /** The mean of the values in {@code [from, to)} that are not NaN; NaN without any. */
    public static double of(double[] values, int from, int to) {
        return from >= to ? Double.NaN : of(Arrays.copyOfRange(values, from, to));
    }
}
