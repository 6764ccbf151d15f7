package org.encore.statistics;

import java.util.Arrays;
import java.util.List;

/**
 * The variance of values in groups, split by a one-way analysis of variance into that of the groups' true means and that of the
 * values around them.
 *
 * <p>The variance of the groups' observed means is too large by the noise of each mean; this takes it away: {@code between = (MSB -
 * MSW) / n}, with {@code n} the size of the groups, or its usual average where sizes differ (Searle, Casella and McCulloch 1992,
 * section 3.6). Unbiased, so that {@code between} may be negative.
 *
 * @param between variance of the true means
 * @param within variance of the values of a group
 */
public record VarianceComponents(double between, double within) {
    /**
     * Estimates the components.
     *
     * @param groups the values of each group; NaN is left out, and so are groups with fewer than two values
     * @return NaN if fewer than two groups are left
     */
    public static VarianceComponents of(List<double[]> groups) {
        List<double[]> kept = groups.stream()
                .map(group -> Arrays.stream(group).filter(x -> !Double.isNaN(x)).toArray())
                .filter(group -> group.length >= 2)
                .toList();
        if (kept.size() < 2) {
            return new VarianceComponents(Double.NaN, Double.NaN);
        }
        double count = kept.stream().mapToInt(group -> group.length).sum();
        double grand = kept.stream().flatMapToDouble(Arrays::stream).sum() / count;
        double betweenSquares = 0.0;
        double withinSquares = 0.0;
        double squaredSizes = 0.0;
        for (double[] group : kept) {
            double mean = Means.of(group);
            betweenSquares += group.length * (mean - grand) * (mean - grand);
            for (double value : group) {
                withinSquares += (value - mean) * (value - mean);
            }
            squaredSizes += (double) group.length * group.length;
        }
        double within = withinSquares / (count - kept.size());
        double size = (count - squaredSizes / count) / (kept.size() - 1);
        return new VarianceComponents((betweenSquares / (kept.size() - 1) - within) / size, within);
    }

    /** Sum of both. */
    public double total() {
        return between + within;
    }

    /** The share of the variance between groups: what who knows the group's true mean can explain. NaN if nothing varies. */
    public double share() {
        return total() > 0.0 ? between / total() : Double.NaN;
    }
}
