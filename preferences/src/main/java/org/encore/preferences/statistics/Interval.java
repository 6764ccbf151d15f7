package org.encore.preferences.statistics;

import java.util.Arrays;

/**
 * An estimate with a 95 % interval.
 *
 * @param value the estimate
 * @param low lower end
 * @param high upper end
 */
public record Interval(double value, double low, double high) {
    /** Quantile of the normal distribution that leaves 2.5 % above it. */
    static final double Z = 1.959963984540054;

    private static final double TAIL = 0.025;

    /** Half of its width. */
    public double halfWidth() {
        return (high - low) / 2.0;
    }

    /** The estimate with the percentiles 2.5 and 97.5 of its bootstrap replicates, of which there is at least one. */
    public static Interval ofReplicates(double value, double[] replicates) {
        double[] sorted = replicates.clone();
        Arrays.sort(sorted);
        return new Interval(value, quantile(sorted, TAIL), quantile(sorted, 1.0 - TAIL));
    }

    /** A share of successes with the interval of Wilson (1927), which stays sound near 0 and 1. */
    public static Interval ofShare(double successes, double trials) {
        double p = successes / trials;
        double z2 = Z * Z / trials;
        double centre = (p + z2 / 2.0) / (1.0 + z2);
        double half = Z * Math.sqrt(p * (1.0 - p) / trials + z2 / (4.0 * trials)) / (1.0 + z2);
        return new Interval(p, centre - half, centre + half);
    }

    private static double quantile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int below = (int) Math.floor(at);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
