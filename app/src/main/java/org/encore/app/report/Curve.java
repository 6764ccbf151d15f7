package org.encore.app.report;

import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.function.DoubleUnaryOperator;
import org.encore.statistics.Interval;

/**
 * One metric over the steps, or over another rising quantity; NaN where a step has no value. A curve may have a band of
 * intervals around it.
 */
public final class Curve {
    private static final int SMOOTHED_FROM = 20;
    private static final int WINDOWS = 20;
    private static final int RESTLESS = 5;

    private final String name;
    private final double[] places;
    private final double[] values;

    /** Ends of the intervals, one a point; empty without a band. */
    private final double[] lows;

    private final double[] highs;

    private Curve(String name, double[] places, double[] values, double[] lows, double[] highs) {
        this.name = name;
        this.places = places;
        this.values = values;
        this.lows = lows;
        this.highs = highs;
    }

    /** A curve through at least one point. */
    static Curve of(String name, SortedMap<Long, Double> points) {
        return new Curve(
                name,
                points.keySet().stream().mapToDouble(Long::doubleValue).toArray(),
                points.values().stream().mapToDouble(Double::doubleValue).toArray(),
                new double[0],
                new double[0]);
    }

    /** A curve through intervals, with a band. */
    static Curve of(String name, double[] places, List<Interval> intervals) {
        return new Curve(
                name,
                places.clone(),
                intervals.stream().mapToDouble(Interval::value).toArray(),
                intervals.stream().mapToDouble(Interval::low).toArray(),
                intervals.stream().mapToDouble(Interval::high).toArray());
    }

    /** A curve through points without intervals. */
    static Curve of(String name, double[] places, double[] values) {
        return new Curve(name, places.clone(), values.clone(), new double[0], new double[0]);
    }

    public String name() {
        return name;
    }

    public int size() {
        return places.length;
    }

    public long step(int point) {
        return (long) places[point];
    }

    /** Where a point lies along the curve: its step, or what else the curve runs over. */
    double place(int point) {
        return places[point];
    }

    /** Whether there are intervals around the points. */
    boolean hasBand() {
        return lows.length > 0;
    }

    /** The lower end of a point's interval. */
    double low(int point) {
        return lows[point];
    }

    /** The upper end of a point's interval. */
    double high(int point) {
        return highs[point];
    }

    /** Whether there is a value, and none that differs from it. */
    boolean isConstant() {
        return size() > 1 && lowest() == highest();
    }

    /** Whether a point has a value. */
    boolean hasValues() {
        return Double.isFinite(last());
    }

    /** The same curve under another name. */
    Curve named(String other) {
        return new Curve(other, places, values, lows, highs);
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
        int point = Arrays.binarySearch(places, (double) step);
        return point < 0 ? Double.NaN : values[point];
    }

    /** Whether to draw a smoothed curve, too: the curve is long and turns at least at every fifth point. */
    boolean isNoisy() {
        int turns = 0;
        for (int i = 2; i < places.length; i++) {
            turns += (values[i] - values[i - 1]) * (values[i - 1] - values[i - 2]) < 0.0 ? 1 : 0;
        }
        return places.length >= SMOOTHED_FROM && turns * RESTLESS >= places.length;
    }

    /** The same points with other values. */
    Curve with(DoubleUnaryOperator value) {
        return new Curve(name, places, Arrays.stream(values).map(value).toArray(), lows, highs);
    }

    /** The mean of a twentieth of all points around each; gaps stay gaps. */
    Curve smoothed() {
        int reach = Math.max(1, places.length / WINDOWS / 2);
        double[] sums = new double[places.length + 1];
        int[] counts = new int[places.length + 1];
        for (int i = 0; i < places.length; i++) {
            boolean there = Double.isFinite(values[i]);
            sums[i + 1] = sums[i] + (there ? values[i] : 0.0);
            counts[i + 1] = counts[i] + (there ? 1 : 0);
        }
        double[] means = new double[places.length];
        for (int i = 0; i < places.length; i++) {
            int from = Math.max(0, i - reach);
            int to = Math.min(places.length, i + reach + 1);
            means[i] = Double.isFinite(values[i]) ? (sums[to] - sums[from]) / (counts[to] - counts[from]) : Double.NaN;
        }
        return new Curve(name, places, means, lows, highs);
    }

    /** At most {@code most} points, an even number: of each stretch the lowest and the highest, so spikes survive. */
    Curve thinned(int most) {
        if (places.length <= most) {
            return this;
        }
        int stretches = most / 2;
        int[] kept = new int[2 * stretches];
        for (int s = 0; s < stretches; s++) {
            int from = (int) ((long) s * places.length / stretches);
            int to = (int) ((long) (s + 1) * places.length / stretches);
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
                picked(places, distinct),
                picked(values, distinct),
                hasBand() ? picked(lows, distinct) : lows,
                hasBand() ? picked(highs, distinct) : highs);
    }

    private static double[] picked(double[] numbers, int[] points) {
        return Arrays.stream(points).mapToDouble(i -> numbers[i]).toArray();
    }
}
