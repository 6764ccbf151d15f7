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
import org.encore.evaluation.statistics.Bootstrap;
import org.encore.evaluation.statistics.Interval;
import org.encore.evaluation.statistics.Means;

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

    private static List<String> names(List<SampleLine> lines, Function<SampleLine, Map<String, Double>> figures) {
        Set<String> names = new LinkedHashSet<>();
        lines.forEach(line -> names.addAll(figures.apply(line).keySet()));
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
            Pairing alone = new Pairing(course, raw, raw);
            Interval gain = interval(alone::gain);
            List<Link> confounders = links(SampleLine::confounders, lines, raw, gain);
            List<Link> referee = links(SampleLine::referee, lines, raw, gain);
            int count = (int) Arrays.stream(raw).filter(Double::isFinite).count();
            return new RewardForensics(
                    reward, count, mean(raw, course::isFirst), mean(raw, course::isLast), gain, confounders, referee);
        }

        /** Figures do not depend on each other: they are looked at side by side, and listed in their order. */
        private List<Link> links(
                Function<SampleLine, Map<String, Double>> figures,
                List<SampleLine> lines,
                double[] raw,
                Interval gain) {
            return names(lines, figures).parallelStream()
                    .map(name -> link(name, raw, line -> figures.apply(line).getOrDefault(name, Double.NaN), gain))
                    .toList();
        }

        private Link link(String name, double[] raw, ToDoubleFunction<SampleLine> figure, Interval gain) {
            Pairing pairing = new Pairing(course, raw, column(figure));
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
}
