package org.encore.trainer.advantages;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.encore.trainer.advantages.ValidSteps.StepRewards;

/** Turns rewards into advantages and the returns that a value network is fitted to. */
public sealed interface AdvantageEstimator {
    /** Says whether the episodes must come with values; if not, no value network has to be trained. */
    boolean needsValues();

    /** The fewest samples of one prompt that the estimator can compare: 1 if it compares none, else 2. */
    int fewestSamplesPerPrompt();

    /**
     * Estimates the advantage of every valid step.
     *
     * @param episodes rewards, with values or groups where this estimator needs them
     */
    Advantages estimate(AdvantageInputs episodes);

    /** The estimator of the MusicRL paper. */
    static AdvantageEstimator defaults() {
        return ValueBaseline.defaults();
    }

    /**
     * Mixes returns of every horizon: generalised advantage estimation.
     *
     * <p>{@code A_t = Σ_l (γλ)^l δ_{t+l}} with {@code δ_t = r_t + γ V_{t+1} - V_t}; after the last valid step the value is
     * 0. Returns are {@code A + V}. With γ = λ = 1 it is {@link ValueBaseline}.
     *
     * @param gamma discount of a reward per step, in [0, 1]; 1 lets the terminal score reach the first step undiminished
     * @param lambda trust in observed rewards over values, in [0, 1]; 1 is the Monte-Carlo return (no bias, most variance),
     *     0 looks one step ahead (least variance, all the bias of the values)
     * @paper Schulman et al. 2016, equation 16, <a href="https://arxiv.org/abs/1506.02438">arXiv 1506.02438</a>
     */
    record Gae(double gamma, double lambda) implements AdvantageEstimator {
        public Gae {
            requireShare("gamma", gamma);
            requireShare("lambda", lambda);
        }

        /** No discount, and the λ that is customary when language models are tuned (Ziegler et al. 2019, in their code). */
        public static Gae defaults() {
            return new Gae(1.0, 0.95);
        }

        @Override
        public boolean needsValues() {
            return true;
        }

        @Override
        public int fewestSamplesPerPrompt() {
            return 1;
        }

        @Override
        public Advantages estimate(AdvantageInputs episodes) {
            ValidSteps steps = episodes.steps();
            double[][] rewards = episodes.rewards();
            double[][] values = episodes.values();
            double[][] advantages = steps.table((b, t) -> 0.0);
            for (int b = 0; b < steps.samples(); b++) {
                double valueAfter = 0.0;
                double advantageAfter = 0.0;
                for (int t = steps.length(b) - 1; t >= 0; t--) {
                    double surprise = rewards[b][t] + gamma * valueAfter - values[b][t];
                    advantageAfter = surprise + gamma * lambda * advantageAfter;
                    advantages[b][t] = advantageAfter;
                    valueAfter = values[b][t];
                }
            }
            return new Advantages(advantages, steps.table((b, t) -> advantages[b][t] + values[b][t]));
        }

        private static void requireShare(String name, double value) {
            if (!(value >= 0.0 && value <= 1.0)) {
                throw new IllegalArgumentException(name + " is " + value + ", but must lie in [0, 1]");
            }
        }
    }

    /**
     * Measures each sample in standard deviations from the mean of its prompt's samples (GRPO).
     *
     * <p>{@code A = (R_i - mean(R)) / (sd(R) + epsilon)}, the same at every step, with R as in {@link LeaveOneOut}. The
     * paper does not say which standard deviation; this is the sample's (divisor k-1). Prompts on which all samples score
     * nearly alike count as much as those that tell samples apart: that is the known price of the division.
     *
     * @param epsilon added to the standard deviation, in units of reward, above 0; large ones approach a mean baseline,
     *     small ones magnify differences that are mere rounding
     * @paper Shao et al. 2024, DeepSeekMath, section 4.1, <a href="https://arxiv.org/abs/2402.03300">arXiv 2402.03300</a>
     */
    record GroupNormalised(double epsilon) implements AdvantageEstimator {
        public GroupNormalised {
            if (!(epsilon > 0.0 && epsilon < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("epsilon is " + epsilon + ", but must be above 0 and finite");
            }
        }

        /** Our choice of epsilon: small beside rewards of order 1. */
        public static GroupNormalised defaults() {
            return new GroupNormalised(1e-4);
        }

        @Override
        public boolean needsValues() {
            return false;
        }

        @Override
        public int fewestSamplesPerPrompt() {
            return 2;
        }

        @Override
        public Advantages estimate(AdvantageInputs episodes) {
            ValidSteps steps = episodes.steps();
            double[] totals = steps.sumPerSample(episodes.rewards());
            double[] advantages = new double[totals.length];
            for (List<Integer> samples : episodes.groups().all()) {
                double mean = SampleGroups.sum(samples, totals) / samples.size();
                double squares = 0.0;
                for (int b : samples) {
                    squares += (totals[b] - mean) * (totals[b] - mean);
                }
                double deviation = Math.sqrt(squares / (samples.size() - 1));
                for (int b : samples) {
                    advantages[b] = (totals[b] - mean) / (deviation + epsilon);
                }
            }
            return new Advantages(
                    steps.table((b, t) -> advantages[b]), StepRewards.returnsToGo(steps, episodes.rewards()));
        }
    }

    /**
     * Compares each sample with the mean of the other samples of its prompt (RLOO).
     *
     * <p>{@code A = R_i - 1/(k-1) Σ_{j≠i} R_j}, the same at every step: the clip counts as one action. R is the sum of all
     * rewards of the sample, penalties included if they are part of the reward. Needs no value network.
     *
     * @paper Ahmadian et al. 2024, Back to Basics, <a href="https://arxiv.org/abs/2402.14740">arXiv
     *     2402.14740</a>; Kool et al. 2019
     */
    record LeaveOneOut() implements AdvantageEstimator {
        /** The only value. */
        public static LeaveOneOut defaults() {
            return new LeaveOneOut();
        }

        @Override
        public boolean needsValues() {
            return false;
        }

        @Override
        public int fewestSamplesPerPrompt() {
            return 2;
        }

        @Override
        public Advantages estimate(AdvantageInputs episodes) {
            ValidSteps steps = episodes.steps();
            double[] totals = steps.sumPerSample(episodes.rewards());
            double[] advantages = new double[totals.length];
            for (List<Integer> samples : episodes.groups().all()) {
                double sum = SampleGroups.sum(samples, totals);
                for (int b : samples) {
                    advantages[b] = totals[b] - (sum - totals[b]) / (samples.size() - 1);
                }
            }
            return new Advantages(
                    steps.table((b, t) -> advantages[b]), StepRewards.returnsToGo(steps, episodes.rewards()));
        }
    }

    /**
     * Takes the return that followed a step minus the value that was expected before it.
     *
     * <p>{@code A_t = Σ_{i≥t} r_i - V(s_t)}: no discount, no bootstrapping.
     *
     * @paper Cideron et al. 2024, MusicRL, the objective, <a href="https://arxiv.org/abs/2402.04229">arXiv 2402.04229</a>
     */
    record ValueBaseline() implements AdvantageEstimator {
        /** The only value. */
        public static ValueBaseline defaults() {
            return new ValueBaseline();
        }

        @Override
        public boolean needsValues() {
            return true;
        }

        @Override
        public int fewestSamplesPerPrompt() {
            return 1;
        }

        @Override
        public Advantages estimate(AdvantageInputs episodes) {
            double[][] values = episodes.values();
            double[][] returns = StepRewards.returnsToGo(episodes.steps(), episodes.rewards());
            return new Advantages(episodes.steps().table((b, t) -> returns[b][t] - values[b][t]), returns);
        }
    }

    /** The samples of a batch by their prompt, in order of first appearance. */
    final class SampleGroups {
        private final Map<Integer, List<Integer>> members = new LinkedHashMap<>();

        /** Collects the members of each group, which must be at least two. */
        SampleGroups(int[] groups) {
            for (int b = 0; b < groups.length; b++) {
                members.computeIfAbsent(groups[b], group -> new ArrayList<>()).add(b);
            }
            members.forEach((group, samples) -> {
                if (samples.size() < 2) {
                    throw new IllegalArgumentException("group " + group
                            + " has 1 sample, but samples of a prompt can be compared only if there are at least 2;"
                            + " raise the number of samples per prompt");
                }
            });
        }

        /** The members of each group. */
        Collection<List<Integer>> all() {
            return members.values();
        }

        static double sum(List<Integer> samples, double[] amounts) {
            double sum = 0.0;
            for (int b : samples) {
                sum += amounts[b];
            }
            return sum;
        }
    }

    /** What there is to divide credit by: the rewards of every step and, where known, values and groups. */
    final class AdvantageInputs {
        private final ValidSteps steps;
        private final double[][] rewards;
        private final double[][] values;
        private final int[] groups;

        private AdvantageInputs(ValidSteps steps, double[][] rewards, double[][] values, int[] groups) {
            this.steps = steps;
            this.rewards = rewards;
            this.values = values;
            this.groups = groups;
        }

        /**
         * Begins with the rewards.
         *
         * @param rewards reward of each step: the score at the last one, plus the penalty of each if it is part of the
         *     reward
         * @shape rewards {@code [B, S]}
         */
        public static AdvantageInputs of(ValidSteps steps, double[][] rewards) {
            return new AdvantageInputs(steps, steps.require("rewards", rewards), null, null);
        }

        /**
         * Adds the value network's expectation of the return before each step is decided.
         *
         * @shape values {@code [B, S]}
         */
        public AdvantageInputs withValues(double[][] values) {
            return new AdvantageInputs(steps, rewards, steps.require("values", values), groups);
        }

        /**
         * Adds the group of each sample; samples of the same prompt carry the same number.
         *
         * @shape groups {@code [B]}
         */
        public AdvantageInputs withGroups(int... groups) {
            if (groups.length != steps.samples()) {
                throw new IllegalArgumentException(
                        "groups has " + groups.length + " entries, but the batch has " + steps.samples() + " samples");
            }
            return new AdvantageInputs(steps, rewards, values, groups.clone());
        }

        ValidSteps steps() {
            return steps;
        }

        double[][] rewards() {
            return rewards;
        }

        double[][] values() {
            if (values == null) {
                throw new IllegalStateException("the episodes hold no values, but the advantage estimator needs them");
            }
            return values;
        }

        SampleGroups groups() {
            if (groups == null) {
                throw new IllegalStateException("the episodes hold no groups, but the advantage estimator needs them");
            }
            return new SampleGroups(groups);
        }
    }

    /** What an {@link AdvantageEstimator} says about a batch; both tables hold NaN after the valid steps. */
    final class Advantages {
        private final double[][] advantages;
        private final double[][] returns;

        Advantages(double[][] advantages, double[][] returns) {
            this.advantages = advantages;
            this.returns = returns;
        }

        /**
         * How much better each step was than expected.
         *
         * @shape result {@code [B, S]}
         */
        public double[][] advantages() {
            return advantages;
        }

        /**
         * What the value network is fitted to.
         *
         * @shape result {@code [B, S]}
         */
        public double[][] returns() {
            return returns;
        }
    }
}
