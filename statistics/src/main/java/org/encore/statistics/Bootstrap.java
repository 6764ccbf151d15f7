package org.encore.statistics;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * section 3.8): drawing single items would make the interval too narrow. Of paired values, give the differences, so that
 * their common variation cancels. For clusters of two crossed ways see {@link Clusters}.
 *
 * @param resamples number of replicates, at least 100; 1000 give about two stable digits of an interval
 * @param seed seed of the draws: each replicate and number of items has its own random stream
 */
public record Bootstrap(int resamples, long seed) {
    private static final int FEWEST_CLUSTERS = 20;

    public Bootstrap {
        if (resamples < 100) {
            throw new IllegalArgumentException("resamples is " + resamples + ", but must be at least 100");
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
     * The interval of the mean of the values that are not NaN, drawing clusters whole. Percentiles over fewer than {@value
     * #FEWEST_CLUSTERS} clusters would be too narrow (ours), so that the interval then is that of {@link Clusters}.
     *
     * @param clusters cluster of each value, e.g. the song that a prompt comes from
     */
    public Interval mean(List<?> clusters, double[] values) {
        if (clusters.size() != values.length) {
            throw new IllegalArgumentException(values.length + " values in " + clusters.size() + " places");
        }
        Map<Object, double[]> sums = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            double[] sum = sums.computeIfAbsent(clusters.get(i), unused -> new double[2]);
            if (!Double.isNaN(values[i])) {
                sum[0] += values[i];
                sum[1]++;
            }
        }
        if (sums.size() < FEWEST_CLUSTERS && sums.size() < values.length) {
            return Clusters.of(clusters).mean(values);
        }
        List<double[]> all = List.copyOf(sums.values());
        return interval(all.size(), drawn -> {
            double sum = 0.0;
            double count = 0.0;
            for (int i : drawn) {
                sum += all.get(i)[0];
                count += all.get(i)[1];
            }
            return sum / count;
        });
    }

    /** Indices of one draw of as many items as there are. */
    public int[] draw(int items, int number) {
        RandomGenerator random = new RandomStreams(seed).stream(Purpose.BOOTSTRAP, items, number);
        return IntStream.generate(() -> random.nextInt(items)).limit(items).toArray();
    }
}
