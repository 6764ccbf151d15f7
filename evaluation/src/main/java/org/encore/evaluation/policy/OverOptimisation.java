package org.encore.evaluation.policy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.encore.statistics.Interval;

/**
 * A policy that pleases its reward and no longer its referee: a reward rose and a figure of the referee got worse, each by
 * more than chance.
 *
 * <p>Only figures that are better in one direction count: adherence, consonance and keys, which should not fall, and empty
 * beats, which should not rise. A figure that is rewarded itself is no witness.
 *
 * @param risen differences of the rewards whose interval is above 0
 * @param worse differences of the referee's figures whose interval is on the wrong side of 0
 * @paper Cideron et al. 2024, MusicRL, figure 8, <a href="https://arxiv.org/abs/2402.04229">arXiv 2402.04229</a>; Gao et
 *     al. 2022, Scaling laws for reward model overoptimization, <a href="https://arxiv.org/abs/2210.10760">arXiv
 *     2210.10760</a>
 */
public record OverOptimisation(Map<String, Interval> risen, Map<String, Interval> worse) {
    private static final List<String> BETTER_HIGHER = List.of("adherence", "consonance", "in_key");
    private static final List<String> BETTER_LOWER = List.of("empty_beats");

    /**
     * Looks for it.
     *
     * @param rewards ids of the rewards that were trained on
     * @param differences of all figures after and before, with 95 % intervals, by name
     * @return empty if no reward rose or no figure got worse
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

    /** What happened, in one sentence. */
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
