package org.encore.statistics;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * Groups of observations that vary together, in one way or in two crossed ways, e.g. the votes of one rater and the
 * votes on one prompt; and intervals of estimates from such observations.
 *
 * <p>An estimate is given by the influence of each observation: to first order, estimate minus truth is the sum of the
 * influences. Its variance is then the sum of the products of the influences of every two observations that share a
 * cluster of either way, by inclusion and exclusion: that of the first way, plus that of the second, minus that of
 * their intersections (Cameron, Gelbach and Miller 2011, equation 2.4). The interval takes the quantile of Student's t
 * with one degree of freedom less than there are clusters in the way with the fewest.
 *
 * <p>Drawing both ways with replacement and multiplying the counts (Owen 2007, the pigeonhole bootstrap) counts the
 * noise of single observations three times. With 30 raters, 20 prompts and a vote of each rater on each prompt that is
 * most of the variance, and a 95 % interval would hold in 98.5 % and more; so we sum influences instead.
 *
 * @paper Cameron, Gelbach and Miller 2011, Robust inference with multiway clustering, <a
 *     href="https://doi.org/10.1198/jbes.2010.07136">JBES 29(2)</a>; pairs of members: Aronow, Samii and Assenova 2015,
 *     <a href="https://doi.org/10.1093/pan/mpv018">Cluster-robust variance estimation for dyadic data</a>
 */
public final class Clusters {
    private final int observations;
    private final Optional<Way> one;
    private final Optional<Way> other;

    private Clusters(int observations, Optional<Way> one, Optional<Way> other) {
        this.observations = observations;
        this.one = one;
        this.other = other;
    }

    /** Each observation is a cluster of its own. */
    public static Clusters none(int observations) {
        return new Clusters(observations, Optional.empty(), Optional.empty());
    }

    /**
     * Clusters of one way.
     *
     * @param keys cluster of each observation
     */
    public static Clusters of(List<?> keys) {
        return new Clusters(keys.size(), Optional.of(new Way(numbered(keys), null)), Optional.empty());
    }

    /**
     * Clusters of pairs: two observations vary together if they have a member in common, e.g. votes on a common clip.
     *
     * @param first one member of each observation
     * @param second the other member
     */
    public static Clusters ofPairs(List<?> first, List<?> second) {
        Map<Object, Integer> numbers = new HashMap<>();
        int[] one = numbered(first, numbers);
        int[] other = numbered(second, numbers);
        return new Clusters(one.length, Optional.of(new Way(one, other)), Optional.empty());
    }

    /**
     * Crosses clusters of one way with those of another.
     *
     * @param way clusters of one way, not of pairs
     */
    public Clusters crossedWith(Clusters way) {
        if (way.observations != observations) {
            throw new IllegalArgumentException(
                    observations + " observations cannot be crossed with " + way.observations);
        }
        return one.isEmpty() ? way : new Clusters(observations, one, way.one);
    }

    /** Number of clusters in the way with the fewest; the number of observations if there are no clusters. */
    public int fewest() {
        int fewest = observations;
        for (Optional<Way> way : List.of(one, other)) {
            fewest = Math.min(fewest, way.map(Way::clusters).orElse(observations));
        }
        return fewest;
    }

    /**
     * The variance of a sum of influences.
     *
     * @param influence one of each observation
     */
    public double variance(double[] influence) {
        if (influence.length != observations) {
            throw new IllegalArgumentException(influence.length + " influences of " + observations + " observations");
        }
        if (one.isEmpty()) {
            double sum = Arrays.stream(influence).map(each -> each * each).sum();
            return sum * observations / (observations - 1.0);
        }
        double first = one.get().variance(influence);
        if (other.isEmpty()) {
            return first;
        }
        double second = other.get().variance(influence);
        double both = one.get().within(other.get()).variance(influence);
        // Sampling error can make the sum smaller than a part of it, or negative.
        return Math.max(first + second - both, Math.max(first, second));
    }

    /**
     * The 95 % interval of an estimate.
     *
     * @param value the estimate
     * @param influence influence of each observation on it
     * @return without ends (NaN) for fewer than two clusters
     */
    public Interval interval(double value, double[] influence) {
        if (fewest() < 2 || Double.isNaN(value)) {
            return new Interval(value, Double.NaN, Double.NaN);
        }
        double half = Math.sqrt(variance(influence))
                * new TDistribution(fewest() - 1.0).inverseCumulativeProbability(Interval.UPPER);
        return new Interval(value, value - half, value + half);
    }

    /** The mean of the values that are not NaN, with its interval. */
    public Interval mean(double[] values) {
        double count =
                Arrays.stream(values).filter(value -> !Double.isNaN(value)).count();
        double mean = Means.of(values);
        return interval(
                mean,
                Arrays.stream(values)
                        .map(value -> Double.isNaN(value) ? 0.0 : (value - mean) / count)
                        .toArray());
    }

    /** The mean of {@code values - reference}, both of the same observations, with its interval. */
    public Interval pairedDifference(double[] values, double[] reference) {
        if (values.length != reference.length) {
            throw new IllegalArgumentException(
                    values.length + " values cannot be paired with " + reference.length + " of a reference");
        }
        double[] differences = new double[values.length];
        Arrays.setAll(differences, i -> values[i] - reference[i]);
        return mean(differences);
    }

    /**
     * A share, e.g. an accuracy, with its interval on the scale of log-odds, which keeps it between 0 and 1.
     *
     * @param hits a number from 0 to 1 of each observation; NaN leaves one out
     * @return the interval of {@link #mean} if the share is 0 or 1, cut at 0 and 1
     */
    public Interval share(double[] hits) {
        Interval mean = mean(hits);
        double share = mean.value();
        if (!(share > 0.0 && share < 1.0)) {
            return new Interval(share, Math.max(0.0, mean.low()), Math.min(1.0, mean.high()));
        }
        double half = mean.halfWidth() / (share * (1.0 - share));
        double logit = Math.log(share / (1.0 - share));
        return new Interval(share, BradleyTerry.logistic(logit - half), BradleyTerry.logistic(logit + half));
    }

    /**
     * The mean of numbers on a scale that ends, e.g. ratings, with an interval that stays on it: {@link #share} of the way from
     * its low end to its high end.
     *
     * @param values from {@code low} to {@code high}; NaN leaves one out
     */
    public Interval meanOnScale(double[] values, double low, double high) {
        double[] shares = new double[values.length];
        Arrays.setAll(shares, i -> (values[i] - low) / (high - low));
        Interval share = share(shares);
        return new Interval(
                low + (high - low) * share.value(),
                low + (high - low) * share.low(),
                low + (high - low) * share.high());
    }

    /** A key of two numbers whose hash is spread out: the multiplication is reversible. */
    static long key(int one, int other) {
        return (((long) one << Integer.SIZE) | other) * 0x9E3779B97F4A7C15L;
    }

    /** Numbers equal keys from 0, in the order in which they first appear. */
    static int[] numbered(long[] keys) {
        Map<Long, Integer> numbers = new HashMap<>();
        int[] numbered = new int[keys.length];
        for (int i = 0; i < keys.length; i++) {
            Integer known = numbers.putIfAbsent(keys[i], numbers.size());
            numbered[i] = known == null ? numbers.size() - 1 : known;
        }
        return numbered;
    }

    private static int[] numbered(List<?> keys) {
        return numbered(keys, new HashMap<>());
    }

    private static int[] numbered(List<?> keys, Map<Object, Integer> numbers) {
        int[] numbered = new int[keys.size()];
        int i = 0;
        for (Object key : keys) {
            Integer known = numbers.putIfAbsent(key, numbers.size());
            numbered[i++] = known == null ? numbers.size() - 1 : known;
        }
        return numbered;
    }

    /** One way of clusters; the second member is null but for pairs. */
    private static final class Way {
        private final int[] first;
        private final int[] second;
        private final int clusters;
        /** Number of each observation's pair of members, in any order; null but for pairs. */
        private final int[] pair;

        Way(int[] first, int[] second) {
            this.first = first;
            this.second = second;
            this.clusters = Math.max(most(first), second == null ? 0 : most(second));
            this.pair = second == null ? null : combined(minima(), maxima());
        }

        int clusters() {
            return clusters;
        }

        /** The clusters of observations that share a cluster of this way and one of another. */
        Way within(Way way) {
            if (second == null) {
                return new Way(combined(first, way.first), null);
            }
            int[] keys = new int[2 * first.length];
            int[] members = new int[2 * first.length];
            for (int i = 0; i < first.length; i++) {
                members[i] = first[i];
                members[first.length + i] = second[i];
                keys[i] = way.first[i];
                keys[first.length + i] = way.first[i];
            }
            int[] both = combined(members, keys);
            return new Way(Arrays.copyOf(both, first.length), Arrays.copyOfRange(both, first.length, both.length));
        }

        double variance(double[] influence) {
            double sum = squares(influence, clusters, first, second);
            if (pair != null) {
                // Two observations of the same pair share both members, but count once.
                sum -= squares(influence, most(pair), pair, null);
            }
            return clusters < 2 ? Double.NaN : sum * clusters / (clusters - 1.0);
        }

        private int[] minima() {
            int[] minima = new int[first.length];
            Arrays.setAll(minima, i -> Math.min(first[i], second[i]));
            return minima;
        }

        private int[] maxima() {
            int[] maxima = new int[first.length];
            Arrays.setAll(maxima, i -> Math.max(first[i], second[i]));
            return maxima;
        }

        private static double squares(double[] influence, int clusters, int[] first, int[] second) {
            double[] sums = new double[clusters];
            for (int i = 0; i < influence.length; i++) {
                sums[first[i]] += influence[i];
                if (second != null && second[i] != first[i]) {
                    sums[second[i]] += influence[i];
                }
            }
            return Arrays.stream(sums).map(sum -> sum * sum).sum();
        }

        private static int most(int[] numbers) {
            return Arrays.stream(numbers).max().orElse(-1) + 1;
        }

        private static int[] combined(int[] one, int[] other) {
            long[] keys = new long[one.length];
            Arrays.setAll(keys, i -> key(one[i], other[i]));
            return numbered(keys);
        }
    }
}
