package org.encore.evaluation.forensics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
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
 * Forensics of a reward in a run: its gain, its correlation with confounders, and its correlation with the referee's
 * metrics.
 *
 * <p>Start and end are the first and the last tenth of the iterations, at least one each. All intervals are bootstrap
 * intervals over samples. When a confounder explains the gain is our definition: see {@link Link}.
 *
 * @param reward its id
 * @param samples number of the run's samples in the statistics
 * @param start mean raw score at the start
 * @param end mean raw score at the end
 * @param gain difference of end and start
 * @param confounders link to each confounder
 * @param referee link to each of the referee's metrics
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

    /** Analyses a run: one result for each reward, in the order of the samples. */
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

    /** The confounders that explain the gain, the strongest first; none without a gain. */
    public List<Link> alarms() {
        return confounders.stream()
                .filter(Link::explainsTheGain)
                .sorted((a, b) ->
                        Double.compare(b.explained().value(), a.explained().value()))
                .toList();
    }

    /** Statistics of one run on common bootstrap draws. */
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

        /** Metrics are independent of each other, so links are computed in parallel and listed in order. */
        private List<Link> links(
                Function<SampleLine, Map<String, Double>> metrics,
                List<SampleLine> lines,
                double[] raw,
                Interval gain) {
            return names(lines, metrics).parallelStream()
                    .map(name -> link(name, raw, line -> metrics.apply(line).getOrDefault(name, Double.NaN), gain))
                    .toList();
        }

        private Link link(String name, double[] raw, ToDoubleFunction<SampleLine> metric, Interval gain) {
            PairedSamples pairing = new PairedSamples(course, raw, column(metric));
            return new Link(
                    name,
                    interval(pairing::spearman),
                    interval(pairing::change),
                    gain.isAbove(0.0) ? interval(pairing::explained) : NONE);
        }

        private double[] column(ToDoubleFunction<SampleLine> metric) {
            return course.column(metric);
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

    /** A reward and another metric, for statistics of bootstrap draws. */
    static final class PairedSamples {
        private final Course course;
        private final double[] reward;
        private final double[] metric;
        private final double[] rewardWithin;
        private final double[] metricWithin;
        private final double[] rewardRank;
        private final double[] metricRank;

        PairedSamples(Course course, double[] reward, double[] metric) {
            this.course = course;
            this.reward = reward;
            this.metric = metric;
            this.rewardWithin = course.within(reward, metric);
            this.metricWithin = course.within(metric, reward);
            int[] both = IntStream.range(0, reward.length)
                    .filter(i -> Double.isFinite(rewardWithin[i]))
                    .toArray();
            this.rewardRank = ranks(reward, both);
            this.metricRank = ranks(metric, both);
        }

        /** Centred ranks among some samples, with mean ranks for ties; NaN for other samples. */
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

        /** Pearson's correlation of the ranks of the samples among all. */
        double spearman(int[] drawn) {
            double sumX = 0;
            double sumY = 0;
            double xx = 0;
            double yy = 0;
            double xy = 0;
            int count = 0;
            for (int i : drawn) {
                double x = metricRank[i];
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

        /** Change of the reward from start to end. */
        double gain(int[] drawn) {
            return rise(reward, drawn);
        }

        /** Change of the other metric from start to end. */
        double change(int[] drawn) {
            return rise(metric, drawn);
        }

        /** Share of the reward's gain that the change of the metric predicts; NaN without a gain. */
        double explained(int[] drawn) {
            double xx = 0;
            double xy = 0;
            for (int i : drawn) {
                if (!Double.isNaN(metricWithin[i])) {
                    xx += metricWithin[i] * metricWithin[i];
                    xy += metricWithin[i] * rewardWithin[i];
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
     * Relation of a reward to another metric in a run.
     *
     * @param metric name of the other metric
     * @param spearman rank correlation over all samples
     * @param change change of the metric from the start to the end of the run
     * @param explained share of the reward's gain that the change of the metric predicts: the slope of the reward over
     *     the metric within the samples of a prompt, or within iterations if prompts have one, times the change, over the gain; NaN without a gain
     */
    public record Link(String metric, Interval spearman, Interval change, Interval explained) {
        /** Share of the gain above which a confounder counts as its explanation. */
        public static final double MOST = 0.5;

        /** Whether the metric predicts more than half of the gain, with its whole interval. */
        public boolean explainsTheGain() {
            return explained.isAbove(MOST);
        }
    }

    /** The samples of a run that count, and those of its start and its end. */
    static final class Course {
        /** Most samples in the statistics; longer runs are subsampled evenly. */
        private static final int MOST_SAMPLES = 4096;

        /** Share of the iterations that are the start, and of those that are the end. */
        private static final double SHARE = 0.1;

        private final List<SampleLine> lines;
        private final int[] iteration;
        /** Number of the prompt within the iteration of each sample, or of the iteration where a prompt has one sample. */
        private final int[] group;

        private final boolean[] first;
        private final boolean[] last;

        /** Selects samples from the lines of a run, in their order. */
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
            this.group = groups(kept, iteration);
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

        /** One metric of each sample; NaN where it is missing. */
        double[] column(ToDoubleFunction<SampleLine> metric) {
            return lines.stream().mapToDouble(metric).toArray();
        }

        private static int[] groups(List<SampleLine> lines, int[] iteration) {
            Map<List<Object>, Integer> samples = new HashMap<>();
            for (int i = 0; i < iteration.length; i++) {
                samples.merge(List.of(iteration[i], lines.get(i).prompt()), 1, Integer::sum);
            }
            Map<List<Object>, Integer> numbers = new HashMap<>();
            int[] groups = new int[iteration.length];
            for (int i = 0; i < groups.length; i++) {
                List<Object> prompt = List.of(iteration[i], lines.get(i).prompt());
                boolean several =
                        samples.get(prompt) > 1 && !lines.get(i).prompt().isEmpty();
                List<Object> group = several ? prompt : List.of(iteration[i]);
                numbers.putIfAbsent(group, numbers.size());
                groups[i] = numbers.get(group);
            }
            return groups;
        }

        /**
         * Differences from the mean over the samples of the same prompt in the iteration, so that prompts that differ in
         * both metrics make no slope; over those of the iteration where a prompt has one sample. Samples without both
         * metrics do not count and are NaN.
         */
        double[] within(double[] metric, double[] other) {
            int count = Arrays.stream(group).max().orElse(-1) + 1;
            double[] sum = new double[count];
            int[] number = new int[count];
            for (int i = 0; i < metric.length; i++) {
                if (Double.isFinite(metric[i]) && Double.isFinite(other[i])) {
                    sum[group[i]] += metric[i];
                    number[group[i]]++;
                }
            }
            double[] differences = new double[metric.length];
            for (int i = 0; i < metric.length; i++) {
                boolean both = Double.isFinite(metric[i]) && Double.isFinite(other[i]);
                differences[i] = both ? metric[i] - sum[group[i]] / number[group[i]] : Double.NaN;
            }
            return differences;
        }
    }
}
