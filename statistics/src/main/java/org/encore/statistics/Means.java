package org.encore.statistics;

import java.util.Arrays;

/** Means that leave out missing values. */
public final class Means {
    private Means() {}

    /** The mean of the values that are numbers; NaN if none is. */
    public static double of(double... values) {
        return Arrays.stream(values)
                .filter(value -> !Double.isNaN(value))
                .average()
                .orElse(Double.NaN);
    }

    /** The mean from one index to before another of the values that are numbers; NaN if none is. */
    public static double of(double[] values, int from, int to) {
        return from >= to ? Double.NaN : of(Arrays.copyOfRange(values, from, to));
    }
}
