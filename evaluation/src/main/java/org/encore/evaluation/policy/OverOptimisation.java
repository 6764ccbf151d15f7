package org.encore.evaluation.policy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.encore.statistics.Interval;

/**
 * Over-optimisation: a reward rose and a metric of the referee got worse, both significantly (the 95 % interval of the
 * difference excludes 0).
 *
 * <p>Only metrics with a better direction count: adherence, consonance and keys, which should not fall, and empty
 * beats, which should not rise. Metrics that are rewarded themselves are left out.
 *
 * @param risen differences of the rewards whose interval is above 0
 * @param worse differences of the referee's metrics whose interval is on the wrong side of 0
 * @paper Cideron et al. 2024, MusicRL, figure 8, <a href="https://arxiv.org/abs/2402.04229">arXiv 2402.04229</a>; Gao
 *     et al. 2022, Scaling laws for reward model overoptimization, <a href="https://arxiv.org/abs/2210.10760">arXiv
 *     2210.10760</a>
 */
public record OverOptimisation(Map<String, Interval> risen, Map<String, Interval> worse) {
    private static final List<String> BETTER_HIGHER = List.of("adherence", "consonance", "in_key");
    private static final List<String> BETTER_LOWER = List.of("empty_beats");

    /**
     * Checks for over-optimisation.
     *
     * @param rewards ids of the rewards that were trained on
     * @param differences differences of all metrics, after minus before, by name
     * @return empty if no reward rose or no metric got worse
     */
    public static Optional<OverOptimisation> of(List<String> rewards, Map<String, Interval> differences) {
        Map<String, Interval> risen = new LinkedHashMap<>();
        Map<String, Interval> worse = new LinkedHashMap<>();
        differences.forEach((name, difference) -> {
            if (rewards.contains(name)) {
                if (difference.isAbove(0.0)) {
                    risen.put(name, difference);
                }
            } else if ((BETTER_HIGHER.contains(name) && difference.isBelow(0.0))
                    || (BETTER_LOWER.contains(name) && difference.isAbove(0.0))) {
                worse.put(name, difference);
            }
        });
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
