package org.encore.statistics;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;

/**
 * Percentile bootstrap (Efron 1979): a statistic of items drawn with replacement, again and again.
 *
 * @param resamples how often, at least 100; 1000 settles the second digit of an interval
 * @param seed decides the draws
 */
public record Bootstrap(int resamples, long seed) {
    public Bootstrap {
        if (resamples < 100) {
            throw new IllegalArgumentException("resamples is " + resamples + ", but must be at least 100");
        }
    }

    /**
     * The interval of a statistic.
     *
     * @param items number of items
     * @param statistic of the items with these indices, which may repeat; draws for which it is NaN are left out
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

    /** The interval of the mean of the values that are numbers. */
    public Interval mean(double[] values) {
        return interval(
                values.length,
                drawn -> Means.of(
                        Arrays.stream(drawn).mapToDouble(i -> values[i]).toArray()));
    }

    /** Indices of one draw of as many items as there are. */
    public int[] draw(int items, int number) {
        RandomGenerator random = new RandomStreams(seed).stream(Purpose.BOOTSTRAP, items, number);
        return IntStream.generate(() -> random.nextInt(items)).limit(items).toArray();
    }
}
