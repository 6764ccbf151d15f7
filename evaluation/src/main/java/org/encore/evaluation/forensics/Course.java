package org.encore.evaluation.forensics;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Which samples of a run count, and which of them are of its start and of its end. */
final class Course {
    /** The most samples that statistics are made of; of longer runs evenly spaced ones. */
    private static final int MOST_SAMPLES = 4096;

    /** Share of the iterations that are the start, and that are the end. */
    private static final double SHARE = 0.1;

    private final List<SampleLine> lines;
    private final int[] iteration;
    private final boolean[] first;
    private final boolean[] last;

    /** Looks at the lines of a run, in their order. */
    Course(List<SampleLine> all) {
        int every = (all.size() + MOST_SAMPLES - 1) / MOST_SAMPLES;
        List<SampleLine> kept = all;
        if (every > 1) {
            kept = IntStream.range(0, all.size())
                    .filter(i -> i % every == (i / every) % every)
                    .mapToObj(all::get)
                    .toList();
        }
        this.lines = kept;
        long[] steps =
                kept.stream().mapToLong(SampleLine::step).distinct().sorted().toArray();
        this.iteration = kept.stream()
                .mapToInt(line -> Arrays.binarySearch(steps, line.step()))
                .toArray();
        int count = (int) Math.max(1, Math.round(SHARE * steps.length));
        boolean moves = steps.length >= 2;
        this.first = new boolean[kept.size()];
        this.last = new boolean[kept.size()];
        for (int i = 0; i < kept.size(); i++) {
            first[i] = moves && iteration[i] < count;
            last[i] = moves && iteration[i] >= steps.length - count;
        }
    }

    int size() {
        return lines.size();
    }

    boolean isFirst(int sample) {
        return first[sample];
    }

    boolean isLast(int sample) {
        return last[sample];
    }

    /** One figure of each sample; NaN where it is missing. */
    double[] column(ToDoubleFunction<SampleLine> figure) {
        return lines.stream().mapToDouble(figure).toArray();
    }

    /** Differences from the mean of the iteration, over the samples that have both figures; NaN for others. */
    double[] withinIterations(double[] figure, double[] other) {
        int count = Arrays.stream(iteration).max().orElse(-1) + 1;
        double[] sum = new double[count];
        int[] number = new int[count];
        for (int i = 0; i < figure.length; i++) {
            if (Double.isFinite(figure[i]) && Double.isFinite(other[i])) {
                sum[iteration[i]] += figure[i];
                number[iteration[i]]++;
            }
        }
        double[] differences = new double[figure.length];
        for (int i = 0; i < figure.length; i++) {
            boolean both = Double.isFinite(figure[i]) && Double.isFinite(other[i]);
            differences[i] = both ? figure[i] - sum[iteration[i]] / number[iteration[i]] : Double.NaN;
        }
        return differences;
    }
}
