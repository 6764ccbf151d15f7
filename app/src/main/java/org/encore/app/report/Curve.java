package org.encore.app.report;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.function.DoubleUnaryOperator;

/** One metric over the steps, in rising order; NaN where a step has no value. */
public final class Curve {
    private static final int SMOOTHED_FROM = 20;
    private static final int WINDOWS = 20;
    private static final int RESTLESS = 5;

    private final String name;
    private final long[] steps;
    private final double[] values;

    private Curve(String name, long[] steps, double[] values) {
        this.name = name;
        this.steps = steps;
        this.values = values;
    }

    /** A curve through at least one point. */
    static Curve of(String name, SortedMap<Long, Double> points) {
        return new Curve(
                name,
                points.keySet().stream().mapToLong(Long::longValue).toArray(),
                points.values().stream().mapToDouble(Double::doubleValue).toArray());
    }

    public String name() {
        return name;
    }

    public int size() {
        return steps.length;
    }

    public long step(int point) {
        return steps[point];
    }

    /** The value of a point; NaN where there was none. */
    public double value(int point) {
        return values[point];
    }

    /** The last value that is there; NaN if none is. */
    public double last() {
        return Arrays.stream(values).filter(Double::isFinite).reduce(Double.NaN, (a, b) -> b);
    }

    /** The smallest value; infinite if there is none. */
    public double lowest() {
        return Arrays.stream(values).filter(Double::isFinite).min().orElse(Double.POSITIVE_INFINITY);
    }

    /** The largest value; infinite if there is none. */
    public double highest() {
        return Arrays.stream(values).filter(Double::isFinite).max().orElse(Double.NEGATIVE_INFINITY);
    }

    /** The value at a step; NaN if there is none. */
    double at(long step) {
        int point = Arrays.binarySearch(steps, step);
        return point < 0 ? Double.NaN : values[point];
    }

    /** Whether to draw a smoothed curve, too: the curve is long and turns at least at every fifth point. */
    boolean isNoisy() {
        int turns = 0;
        for (int i = 2; i < steps.length; i++) {
            turns += (values[i] - values[i - 1]) * (values[i - 1] - values[i - 2]) < 0.0 ? 1 : 0;
        }
        return steps.length >= SMOOTHED_FROM && turns * RESTLESS >= steps.length;
    }

    /** The same points with other values. */
    Curve with(DoubleUnaryOperator value) {
        return new Curve(name, steps, Arrays.stream(values).map(value).toArray());
    }

    /** The mean of a twentieth of all points around each; gaps stay gaps. */
    Curve smoothed() {
        int reach = Math.max(1, steps.length / WINDOWS / 2);
        double[] sums = new double[steps.length + 1];
        int[] counts = new int[steps.length + 1];
        for (int i = 0; i < steps.length; i++) {
            boolean there = Double.isFinite(values[i]);
            sums[i + 1] = sums[i] + (there ? values[i] : 0.0);
            counts[i + 1] = counts[i] + (there ? 1 : 0);
        }
        double[] means = new double[steps.length];
        for (int i = 0; i < steps.length; i++) {
            int from = Math.max(0, i - reach);
            int to = Math.min(steps.length, i + reach + 1);
            means[i] = Double.isFinite(values[i]) ? (sums[to] - sums[from]) / (counts[to] - counts[from]) : Double.NaN;
        }
        return new Curve(name, steps, means);
    }

    /** At most {@code most} points, an even number: of each stretch the lowest and the highest, so spikes survive. */
    Curve thinned(int most) {
        if (steps.length <= most) {
            return this;
        }
        int stretches = most / 2;
        int[] kept = new int[2 * stretches];
        for (int s = 0; s < stretches; s++) {
            int from = (int) ((long) s * steps.length / stretches);
            int to = (int) ((long) (s + 1) * steps.length / stretches);
            int low = from;
            int high = from;
            for (int i = from; i < to; i++) {
                low = Double.isNaN(values[low]) || values[i] < values[low] ? i : low;
                high = Double.isNaN(values[high]) || values[i] > values[high] ? i : high;
            }
            kept[2 * s] = Math.min(low, high);
            kept[2 * s + 1] = Math.max(low, high);
        }
        int[] distinct = Arrays.stream(kept).distinct().toArray();
        return new Curve(
                name,
                Arrays.stream(distinct).mapToLong(i -> steps[i]).toArray(),
                Arrays.stream(distinct).mapToDouble(i -> values[i]).toArray());
    }
}
