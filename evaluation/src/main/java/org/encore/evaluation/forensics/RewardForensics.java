package org.encore.evaluation.forensics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.ranking.NaturalRanking;
import org.encore.statistics.Bootstrap;
import org.encore.statistics.Interval;
import org.encore.statistics.Means;

/**
 * What a reward followed in a run: did it rise, what rose or fell with it, and what the referee heard meanwhile.
 *
 * <p>Start and end are the first and the last tenth of the iterations, at least one each. All intervals are those of a
 * bootstrap over samples. That a confounder explains the gain is our definition: see {@link Link}.
 *
 * @param reward its id
 * @param samples how many of the run's samples the statistics are made of
 * @param start mean raw score at the start
 * @param end mean raw score at the end
 * @param gain rise from start to end
 * @param confounders how it went with each of them
 * @param referee how it went with each of the referee's figures
 */
public record RewardForensics(
        String reward,
        int samples,
        double start,
        double end,
        Interval gain,
        List<Link> confounders,
        List<Link> referee) {
    private static final Interval NONE = new Interval(Double.NaN, Double.NaN, Double.NaN);

    public RewardForensics {
        confounders = List.copyOf(confounders);
        referee = List.copyOf(referee);
    }

    /** Looks at a run, reward by reward in the order in which its samples name them. */
    public static List<RewardForensics> of(List<SampleLine> lines, Bootstrap bootstrap) {
        Course course = new Course(lines);
        List<int[]> draws = new ArrayList<>();
        for (int number = 0; number < bootstrap.resamples() && course.size() > 0; number++) {
            draws.add(bootstrap.draw(course.size(), number));
        }
        List<RewardForensics> all = new ArrayList<>();
        for (String reward : names(lines, SampleLine::rewards)) {
            all.add(new Desk(course, draws, bootstrap).about(reward, lines));
        }
        return all;
    }

    private static List<String> names(List<SampleLine> lines, Function<SampleLine, Map<String, Double>> metrics) {
        Set<String> names = new LinkedHashSet<>();
        lines.forEach(line -> names.addAll(metrics.apply(line).keySet()));
        return List.copyOf(names);
    }

    /** The confounders that explain the gain, the one that explains most first; none where there is no gain. */
    public List<Link> alarms() {
        return confounders.stream()
                .filter(Link::explainsTheGain)
                .sorted((a, b) ->
                        Double.compare(b.explained().value(), a.explained().value()))
                .toList();
    }

    /** Statistics of one run with the draws that all of them share. */
    private record Desk(Course course, List<int[]> draws, Bootstrap bootstrap) {
        RewardForensics about(String reward, List<SampleLine> lines) {
            double[] raw = column(line -> line.rewards().getOrDefault(reward, Double.NaN));
            PairedSamples alone = new PairedSamples(course, raw, raw);
            Interval gain = interval(alone::gain);
            List<Link> confounders = links(SampleLine::confounders, lines, raw, gain);
            List<Link> referee = links(SampleLine::referee, lines, raw, gain);
            int count = (int) Arrays.stream(raw).filter(Double::isFinite).count();
            return new RewardForensics(
                    reward, count, mean(raw, course::isFirst), mean(raw, course::isLast), gain, confounders, referee);
        }

        /** Figures do not depend on each other: they are looked at side by side, and listed in their order. */
        private List<Link> links(
                Function<SampleLine, Map<String, Double>> metrics,
                List<SampleLine> lines,
                double[] raw,
                Interval gain) {
            return names(lines, metrics).parallelStream()
                    .map(name -> link(name, raw, line -> metrics.apply(line).getOrDefault(name, Double.NaN), gain))
                    .toList();
        }

        private Link link(String name, double[] raw, ToDoubleFunction<SampleLine> figure, Interval gain) {
            PairedSamples pairing = new PairedSamples(course, raw, column(figure));
            return new Link(
                    name,
                    interval(pairing::spearman),
                    interval(pairing::change),
                    gain.isAbove(0.0) ? interval(pairing::explained) : NONE);
        }

        private double[] column(ToDoubleFunction<SampleLine> figure) {
            return course.column(figure);
        }

        private double mean(double[] values, IntPredicate which) {
            return Means.of(IntStream.range(0, values.length)
                    .filter(which)
                    .mapToDouble(i -> values[i])
                    .toArray());
        }

        private Interval interval(ToDoubleFunction<int[]> statistic) {
            int[] once = IntStream.range(0, course.size()).toArray();
            return bootstrap.around(
                    statistic.applyAsDouble(once), number -> statistic.applyAsDouble(draws.get(number)));
        }
    }

    /** A reward beside another figure, for statistics of samples that are drawn again and again. */
    static final class PairedSamples {
        private final Course course;
        private final double[] reward;
        private final double[] figure;
        private final double[] rewardWithin;
        private final double[] figureWithin;
        private final double[] rewardRank;
        private final double[] figureRank;

        PairedSamples(Course course, double[] reward, double[] figure) {
            this.course = course;
            this.reward = reward;
            this.figure = figure;
            this.rewardWithin = course.withinIterations(reward, figure);
            this.figureWithin = course.withinIterations(figure, reward);
            int[] both = IntStream.range(0, reward.length)
                    .filter(i -> Double.isFinite(rewardWithin[i]))
                    .toArray();
            this.rewardRank = ranks(reward, both);
            this.figureRank = ranks(figure, both);
        }

        /** Ranks among some samples, ties sharing theirs, as differences from the middle; NaN for others. */
        private static double[] ranks(double[] values, int[] samples) {
            double[] ranks = new double[values.length];
            Arrays.fill(ranks, Double.NaN);
            if (samples.length > 0) {
                double[] of = new NaturalRanking()
                        .rank(IntStream.of(samples).mapToDouble(i -> values[i]).toArray());
                for (int i = 0; i < samples.length; i++) {
                    ranks[samples[i]] = of[i] - (samples.length + 1) / 2.0;
                }
            }
            return ranks;
        }

        /** Pearson's correlation of the ranks that the samples have among all. */
        double spearman(int[] drawn) {
            double sumX = 0;
            double sumY = 0;
            double xx = 0;
            double yy = 0;
            double xy = 0;
            int count = 0;
            for (int i : drawn) {
                double x = figureRank[i];
                double y = rewardRank[i];
                if (!Double.isNaN(x)) {
                    sumX += x;
                    sumY += y;
                    xx += x * x;
                    yy += y * y;
                    xy += x * y;
                    count++;
                }
            }
            double varianceX = xx - sumX * sumX / count;
            double varianceY = yy - sumY * sumY / count;
            return varianceX > 0 && varianceY > 0
                    ? (xy - sumX * sumY / count) / Math.sqrt(varianceX * varianceY)
                    : Double.NaN;
        }

        /** Rise of the reward from start to end. */
        double gain(int[] drawn) {
            return rise(reward, drawn);
        }

        /** Rise of the other figure from start to end. */
        double change(int[] drawn) {
            return rise(figure, drawn);
        }

        /** Share of the reward's rise that the figure's predicts; NaN where the reward does not rise. */
        double explained(int[] drawn) {
            double xx = 0;
            double xy = 0;
            for (int i : drawn) {
                if (!Double.isNaN(figureWithin[i])) {
                    xx += figureWithin[i] * figureWithin[i];
                    xy += figureWithin[i] * rewardWithin[i];
                }
            }
            double gain = gain(drawn);
            return gain > 0 && xx > 0 ? xy / xx * change(drawn) / gain : Double.NaN;
        }

        private double rise(double[] values, int[] drawn) {
            double start = 0;
            double end = 0;
            int starts = 0;
            int ends = 0;
            for (int i : drawn) {
                if (Double.isNaN(rewardWithin[i])) {
                    continue;
                }
                if (course.isFirst(i)) {
                    start += values[i];
                    starts++;
                }
                if (course.isLast(i)) {
                    end += values[i];
                    ends++;
                }
            }
            return starts == 0 || ends == 0 ? Double.NaN : end / ends - start / starts;
        }
    }

    /**
     * How a reward and another figure went together in a run.
     *
     * @param figure the name of the other figure
     * @param spearman rank correlation over all samples
     * @param change of the figure from the start to the end of the run
     * @param explained share of the reward's gain that the change of the figure predicts: the slope of the reward over the
     *     figure within iterations, times the change, over the gain; NaN where there is no gain
     */
    public record Link(String figure, Interval spearman, Interval change, Interval explained) {
        /** Share of the gain above which a confounder is said to explain it. */
        public static final double MOST = 0.5;

        /** Whether the figure predicts more than half of the gain, all of the interval being above that. */
        public boolean explainsTheGain() {
            return explained.isAbove(MOST);
        }
    }

    /** Which samples of a run count, and which of them are of its start and of its end. */
    static final class Course {
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
            long[] steps = kept.stream()
                    .mapToLong(SampleLine::step)
                    .distinct()
                    .sorted()
                    .toArray();
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
}
