package org.encore.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;

/**
 * Percentile bootstrap (Efron 1979): the distribution of a statistic over items drawn with replacement.
 *
 * <p>Items that vary together, such as the votes of one rater, are drawn whole as a cluster (Davison and Hinkley 1997,
 * section 3.8): drawing single items would make the interval too narrow. A paired difference draws both sides of a pair
 * together, so that their common variation cancels.
 *
 * @param resamples number of replicates, at least 100; 1000 give about two stable digits of an interval
 * @param seed seed of the draws: each replicate and number of items has its own random stream
 */
public record Bootstrap(int resamples, long seed) {
    public Bootstrap {
        if (resamples < 100) {
            throw new IllegalArgumentException("resamples is " + resamples + ", but must be at least 100");
        }
    }

    /**
     * Sum and number of the values of one cluster.
     *
     * @param sum sum of the values
     * @param count number of values
     */
    public record Cluster(double sum, double count) {
        /** The union of two clusters. */
        public Cluster plus(Cluster other) {
            return new Cluster(sum + other.sum, count + other.count);
        }
    }

    /**
     * The interval of a statistic.
     *
     * @param items number of items, or of clusters
     * @param statistic statistic of the items with these indices, which may repeat; NaN leaves a draw out
     */
    public Interval interval(int items, ToDoubleFunction<int[]> statistic) {
        double value = statistic.applyAsDouble(IntStream.range(0, items).toArray());
        return around(value, number -> statistic.applyAsDouble(draw(items, number)));
    }

    /**
     * The intervals of several statistics of the same draws.
     *
     * @param items number of items, or of clusters
     * @param statistics statistics of the items with these indices, which may repeat; always equally many
     */
    public List<Interval> intervals(int items, Function<int[], double[]> statistics) {
        double[] values = statistics.apply(IntStream.range(0, items).toArray());
        double[][] replicates = new double[values.length][resamples];
        for (int number = 0; number < resamples; number++) {
            double[] drawn = statistics.apply(draw(items, number));
            for (int i = 0; i < values.length; i++) {
                replicates[i][number] = drawn[i];
            }
        }
        return IntStream.range(0, values.length)
                .mapToObj(i -> Interval.ofReplicates(values[i], replicates[i]))
                .toList();
    }

    /**
     * The interval of a statistic of several kinds of items.
     *
     * @param value the statistic of all items, each once
     * @param ofDraw the statistic of a draw by its number, made with {@link #draw} of each kind
     */
    public Interval around(double value, IntToDoubleFunction ofDraw) {
        return Interval.ofReplicates(
                value, IntStream.range(0, resamples).mapToDouble(ofDraw).toArray());
    }

    /** The interval of the mean of the values that are not NaN. */
    public Interval mean(double[] values) {
        return interval(
                values.length,
                drawn -> Means.of(
                        Arrays.stream(drawn).mapToDouble(i -> values[i]).toArray()));
    }

    /**
     * The interval of the mean of the values of all clusters, e.g. of an accuracy with the votes of a rater as cluster.
     */
    public Interval mean(List<Cluster> clusters) {
        return interval(clusters.size(), drawn -> {
            double sum = 0.0;
            double count = 0.0;
            for (int i : drawn) {
                sum += clusters.get(i).sum();
                count += clusters.get(i).count();
            }
            return sum / count;
        });
    }

    /**
     * The interval of the mean of {@code values - reference}, both on the same items.
     *
     * @param clusters cluster of each item; items of equal clusters are drawn together
     * @param values one of each item
     * @param reference one of each item
     */
    public Interval pairedDifference(List<?> clusters, double[] values, double[] reference) {
        if (clusters.size() != values.length || values.length != reference.length) {
            throw new IllegalArgumentException(values.length + " values cannot be paired with " + reference.length
                    + " of a reference in " + clusters.size() + " places");
        }
        Map<Object, Cluster> differences = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            differences.merge(clusters.get(i), new Cluster(values[i] - reference[i], 1.0), Cluster::plus);
        }
        return mean(new ArrayList<>(differences.values()));
    }

    /** Indices of one draw of as many items as there are. */
    public int[] draw(int items, int number) {
        RandomGenerator random = new RandomStreams(seed).stream(Purpose.BOOTSTRAP, items, number);
        return IntStream.generate(() -> random.nextInt(items)).limit(items).toArray();
    }
}
