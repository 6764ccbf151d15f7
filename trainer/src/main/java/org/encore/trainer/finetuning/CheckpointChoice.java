package org.encore.trainer.finetuning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.encore.base.settings.Checks;
import org.encore.evaluation.policy.OverOptimisation;
import org.encore.rewards.specs.MixtureSpec.RewardEntry;
import org.encore.rewards.specs.RuleReward;
import org.encore.run.MetricCatalogue;
import org.encore.run.MetricCatalogue.Better;
import org.encore.run.MetricCatalogue.Group;

/**
 * Which step of a run is kept as its result: the one with the best held-out value of a metric among those whose KL from the
 * reference is within a limit. An equal value later does not replace an earlier one, which has moved less.
 *
 * <p>The paper chose checkpoints by metrics and by listening and gives no rule; this one is ours.
 *
 * @param step the chosen step; 0 before any
 * @param value the metric at that step
 * @param klPerCode its KL from the reference, in nats a code
 * @param misses evaluations since then that were no better
 * @param beyond evaluations so far whose KL was above the limit
 * @paper Cideron et al. 2024, MusicRL, section 5.2, <a href="https://arxiv.org/abs/2402.04229">arXiv 2402.04229</a>
 */
public record CheckpointChoice(long step, double value, double klPerCode, int misses, int beyond) {
    private static final String NODE = "selection";

    /** Before the first evaluation. */
    static final CheckpointChoice NONE = new CheckpointChoice(0, Double.NaN, Double.NaN, 0, 0);

    /**
     * Choice of a step of the run by its evaluations while it trains, every {@code evaluation.every} iterations.
     *
     * @param metric a metric of the referee, or the id of a reward of weight 0, or the mean of several with {@code +} between:
     *     {@code adherence+consonance}; what the run trains on would choose the step that games it most
     * @param prompts development prompts of each evaluation; the test prompts are never used for a choice
     * @param maxKl KL from the reference in nats a code, beyond which no step is chosen
     * @param patience evaluations in a row without a better one that end the run; 0 never does
     * @param byTrainedReward whether the metric may be what the run trains on
     */
    public record Selection(String metric, int prompts, double maxKl, int patience, boolean byTrainedReward) {
        private static final String NAME = "selection.metric is ";

        public Selection {
            Checks.atLeast("prompts", prompts, 1);
            Checks.within("maxKl", maxKl, 1e-6, 1e6);
            Checks.atLeast("patience", patience, 0);
            if (metric.isBlank()) {
                throw new IllegalArgumentException("metric is blank, but must name a metric of the referee");
            }
        }

        /** Adherence on 128 prompts, without a limit that a run within {@code evaluation.maxKl} could reach. */
        public static Selection defaults() {
            return new Selection("adherence", 128, 2.0, 0, false);
        }

        /**
         * Which values of the metric are better.
         *
         * @throws IllegalArgumentException if the metric is unknown, has no better direction, or is what the run trains on; or
         *     if of several some are better the other way
         */
        Better better(List<RewardEntry> rewards) {
            List<Better> directions = parts().stream()
                    .map(part -> better(part, rewards))
                    .distinct()
                    .toList();
            if (directions.size() > 1) {
                throw new IllegalArgumentException(NAME + metric
                        + ", but of some of these higher values are better, and of others lower; name such as agree");
            }
            return directions.get(0);
        }

        /**
         * The metric among those of an evaluation.
         *
         * @throws IllegalArgumentException if they have no value of it
         */
        double of(Map<String, Double> metrics) {
            double sum = 0.0;
            for (String part : parts()) {
                double value = metrics.getOrDefault(part, Double.NaN);
                if (Double.isNaN(value)) {
                    throw new IllegalArgumentException(NAME + part
                            + ", which has no value on the held-out prompts of this corpus; there are "
                            + new TreeSet<>(metrics.keySet()));
                }
                sum += value;
            }
            return sum / parts().size();
        }

        private List<String> parts() {
            return List.of(metric.split("\\+", -1));
        }

        private Better better(String part, List<RewardEntry> rewards) {
            Optional<RewardEntry> reward = rewards.stream()
                    .filter(entry -> entry.id().equals(part) || ("rewards/" + entry.id()).equals(part))
                    .findFirst();
            boolean trained = reward.map(entry -> entry.weight() > 0.0).orElse(false) || isRewardedRule(part, rewards);
            if (trained && !byTrainedReward) {
                throw new IllegalArgumentException(NAME + part
                        + ", but the run trains on it, and would be judged by what it games; name another metric of the"
                        + " referee, or set selection.byTrainedReward to true");
            }
            if (reward.isPresent()) {
                return Better.HIGHER;
            }
            Better known = MetricCatalogue.all().stream()
                    .filter(each ->
                            each.group() == Group.HELD_OUT && !each.name().contains("<reward>"))
                    .filter(each -> each.covers(part))
                    .findFirst()
                    .map(MetricCatalogue.Metric::better)
                    .orElseThrow(() -> new IllegalArgumentException(NAME + metric
                            + ", but must be a held-out metric of the referee, e.g. adherence, or the id of a"
                            + " reward (docs/metrics.md)"));
            Better direction =
                    known == Better.NEITHER ? OverOptimisation.better(part).orElse(Better.NEITHER) : known;
            if (direction == Better.NEITHER) {
                throw new IllegalArgumentException(
                        NAME + part + ", but neither higher nor lower values of it are better; name e.g. adherence");
            }
            return direction;
        }

        /** The referee's rules under the names of the rewards that are the same. */
        private static boolean isRewardedRule(String part, List<RewardEntry> rewards) {
            boolean adherence =
                    part.equals("adherence") || part.startsWith("adherence/") || part.equals("adherence_unseen");
            return rewards.stream()
                    .filter(entry -> entry.weight() > 0.0)
                    .anyMatch(entry -> (adherence && entry.reward() instanceof RuleReward.RuleAdherence)
                            || (part.equals("consonance") && entry.reward() instanceof RuleReward.Consonance));
        }
    }

    /**
     * The choice after one more evaluation.
     *
     * @param metrics held-out metrics of the step, by name
     * @throws IllegalArgumentException if they have no value of the metric
     */
    CheckpointChoice after(long atStep, Map<String, Double> metrics, double kl, Selection rule, Better better) {
        double measured = rule.of(metrics);
        if (kl > rule.maxKl) {
            return new CheckpointChoice(step, value, klPerCode, misses + 1, beyond + 1);
        }
        boolean improved = step == 0 || (better == Better.HIGHER ? measured > value : measured < value);
        return improved
                ? new CheckpointChoice(atStep, measured, kl, 0, beyond)
                : new CheckpointChoice(step, value, klPerCode, misses + 1, beyond);
    }

    /** Whether the patience is used up. */
    boolean isExhausted(Selection rule) {
        return rule.patience > 0 && misses >= rule.patience;
    }

    /**
     * The reason in one sentence.
     *
     * @param base the metric of the initial model
     * @param evaluated the number of evaluations so far
     */
    String reason(Selection rule, Better better, double base, int evaluated) {
        if (step == 0) {
            return String.format(
                    Locale.ROOT,
                    "no step was chosen: the KL of all %d evaluations was above selection.maxKl %.4g nats a code",
                    evaluated,
                    rule.maxKl);
        }
        return String.format(
                Locale.ROOT,
                "step %d: %s %s %.4f of %d evaluations on development prompts (the base has %.4f), at a KL of %.4f nats a"
                        + " code, limit %.4g%s",
                step,
                better == Better.HIGHER ? "highest" : "lowest",
                rule.metric,
                value,
                evaluated,
                base,
                klPerCode,
                rule.maxKl,
                beyond == 0 ? "" : "; " + beyond + " evaluations were beyond it");
    }

    void write(ObjectNode state) {
        if (!equals(NONE)) {
            ObjectNode node = state.putObject(NODE);
            node.put("misses", misses).put("beyond", beyond).put("step", step);
            if (step > 0) {
                node.put("value", value).put("kl_per_code", klPerCode);
            }
        }
    }

    static CheckpointChoice read(JsonNode state) {
        JsonNode node = state.path(NODE);
        return new CheckpointChoice(
                node.path("step").asLong(0),
                node.path("value").asDouble(Double.NaN),
                node.path("kl_per_code").asDouble(Double.NaN),
                node.path("misses").asInt(0),
                node.path("beyond").asInt(0));
    }
}
