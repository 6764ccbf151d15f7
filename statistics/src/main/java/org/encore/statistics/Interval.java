package org.encore.statistics;

import java.util.Arrays;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;

/**
 * An estimate with its 95 % interval. JSON has it as an object with these three keys.
 *
 * @param value the estimate; NaN if not defined
 * @param low lower end; NaN if not defined
 * @param high upper end; NaN if not defined
 */
public record Interval(double value, double low, double high) {
    /** Quantile of the normal distribution that leaves 2.5 % above it. */
    static final double Z = 1.959963984540054;

    /** Probability below the upper end. */
    static final double UPPER = 0.975;

    private static final double LOWER_PER_CENT = 2.5;
    private static final double UPPER_PER_CENT = 97.5;

    /**
     * The percentile interval of a bootstrap (Efron 1979): the percentiles 2.5 and 97.5 of the replicates, interpolated
     * linearly. Replicates that are not finite are left out; without finite replicates, or if the estimate is NaN, both
     * ends are NaN.
     */
    public static Interval ofReplicates(double value, double... replicates) {
        double[] finite = Arrays.stream(replicates).filter(Double::isFinite).toArray();
        if (finite.length == 0 || Double.isNaN(value)) {
            return new Interval(value, Double.NaN, Double.NaN);
        }
        Percentile percentile = new Percentile().withEstimationType(Percentile.EstimationType.R_7);
        percentile.setData(finite);
        return new Interval(value, percentile.evaluate(LOWER_PER_CENT), percentile.evaluate(UPPER_PER_CENT));
    }

    /** A share of successes with the interval of Wilson (1927), which is valid near 0 and 1. */
    public static Interval ofShare(double successes, double trials) {
        double p = successes / trials;
        double z2 = Z * Z / trials;
        double centre = (p + z2 / 2.0) / (1.0 + z2);
        double half = Z * Math.sqrt(p * (1.0 - p) / trials + z2 / (4.0 * trials)) / (1.0 + z2);
        return new Interval(p, centre - half, centre + half);
    }

    /**
     * A correlation with the interval by Fisher's (1915) transformation: its inverse hyperbolic tangent is nearly
     * normal with a standard deviation of 1 / sqrt(items - 3).
     *
     * @param correlation Pearson's
     * @param items number of points, at least 4
     */
    public static Interval ofCorrelation(double correlation, int items) {
        double z = 0.5 * Math.log((1.0 + correlation) / (1.0 - correlation));
        double half = Z / Math.sqrt(items - 3.0);
        return new Interval(correlation, Math.tanh(z - half), Math.tanh(z + half));
    }

    /** Half of its width. */
    public double halfWidth() {
        return (high - low) / 2.0;
    }

    /** True if all of the interval is above a number. */
    public boolean isAbove(double number) {
        return low > number;
    }

    /** True if all of the interval is below a number. */
    public boolean isBelow(double number) {
        return high < number;
    }

    /** True if a number lies in the interval. */
    public boolean contains(double number) {
        return number >= low && number <= high;
    }

    /** Number of votes for an interval of a given width. */
    public static final class SampleSize {
        private SampleSize() {}

        /**
         * Number of votes at which the 95 % interval of a win rate of 1/2, where it is widest, has a given half width.
         *
         * <p>Solves {@link Interval#ofShare} for the number of trials: with p = 1/2 its half width is z / (2 sqrt(n +
         * z²)).
         *
         * @param halfWidth in (0, 0.5), e.g. 0.05 for ± 5 points
         */
        public static long votesForWinRate(double halfWidth) {
            if (!(halfWidth > 0.0 && halfWidth < 0.5)) {
                throw new IllegalArgumentException("halfWidth is " + halfWidth + ", but must lie in (0, 0.5)");
            }
            double z2 = Interval.Z * Interval.Z;
            return (long) Math.ceil(z2 / (4.0 * halfWidth * halfWidth) - z2);
        }

        /**
         * Number of votes at which the half width of an interval shrinks to another, in proportion to the inverse
         * square root.
         */
        public static long votesForHalfWidth(long votes, double halfWidthNow, double halfWidthWanted) {
            double ratio = halfWidthNow / halfWidthWanted;
            return (long) Math.ceil(votes * ratio * ratio);
        }
    }
}
