package org.encore.evaluation.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.encore.statistics.Interval;
import org.encore.statistics.Significance;

/**
 * Over-optimisation: a reward rose (the 95 % interval of the difference is above 0), and a metric of the referee got
 * worse.
 *
 * <p>A metric got worse if it did so significantly at 5 % after Holm's correction for the number of metrics that are
 * looked at, so that a harmless run is suspected in at most 5 of 100; and by at least {@value #SMALLEST}, because over
 * thousands of prompts differences are significant that nobody hears. All five are shares, of which that is one
 * percentage point. Level and smallest effect are ours.
 *
 * <p>Only metrics with a better direction count: adherence, consonance and keys, which should not fall, and empty
 * beats and completions without an end, which should not rise. Metrics that are rewarded themselves are left out.
 *
 * @param risen differences of the rewards whose interval is above 0
 * @param worse differences of the referee's metrics that got worse
 * @paper Cideron et al. 2024, MusicRL, figure 8, <a href="https://arxiv.org/abs/2402.04229">arXiv 2402.04229</a>; Gao
 *     et al. 2022, Scaling laws for reward model overoptimization, <a href="https://arxiv.org/abs/2210.10760">arXiv
 *     2210.10760</a>
 */
public record OverOptimisation(Map<String, Interval> risen, Map<String, Interval> worse) {
    private static final List<String> BETTER_HIGHER = List.of("adherence", "consonance", "in_key");
    private static final List<String> BETTER_LOWER = List.of("empty_beats", PolicyMetrics.CLIPPED);
    private static final double LEVEL = 0.05;

    /** The smallest change of a share that counts. */
    private static final double SMALLEST = 0.01;

    /**
     * Checks for over-optimisation.
     *
     * @param rewards ids of the rewards that were trained on
     * @param differences differences of all metrics, after minus before, by name
     * @return empty if no reward rose or no metric got worse
     */
    public static Optional<OverOptimisation> of(List<String> rewards, Map<String, Interval> differences) {
        Map<String, Interval> risen = new LinkedHashMap<>();
        List<String> witnesses = new ArrayList<>();
        differences.forEach((name, difference) -> {
            if (rewards.contains(name)) {
                if (difference.isAbove(0.0)) {
                    risen.put(name, difference);
                }
            } else if (BETTER_HIGHER.contains(name) || BETTER_LOWER.contains(name)) {
                witnesses.add(name);
            }
        });
        List<Double> p = Significance.holm(witnesses.stream()
                .map(name -> Significance.ofInterval(differences.get(name)))
                .toList());
        Map<String, Interval> worse = new LinkedHashMap<>();
        for (int i = 0; i < witnesses.size(); i++) {
            Interval difference = differences.get(witnesses.get(i));
            double loss = BETTER_LOWER.contains(witnesses.get(i)) ? difference.value() : -difference.value();
            if (loss >= SMALLEST && p.get(i) < LEVEL) {
                worse.put(witnesses.get(i), difference);
            }
        }
        return risen.isEmpty() || worse.isEmpty() ? Optional.empty() : Optional.of(new OverOptimisation(risen, worse));
    }

    /** A description in one sentence. */
    public String sentence() {
        return "Over-optimisation: " + text(risen) + " rose while the referee's " + text(worse) + " got worse.";
    }

    private static String text(Map<String, Interval> differences) {
        return String.join(
                ", ",
                differences.entrySet().stream()
                        .map(entry -> String.format(
                                Locale.ROOT,
                                "%s (%+.4f [%+.4f, %+.4f])",
                                entry.getKey(),
                                entry.getValue().value(),
                                entry.getValue().low(),
                                entry.getValue().high()))
                        .toList());
    }
}
