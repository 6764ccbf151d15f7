package org.encore.trainer.advantages;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.encore.trainer.advantages.ValidSteps.StepRewards;

/** Computes advantages from rewards, and the returns that the value network is fitted to. */
public sealed interface AdvantageEstimator {
    /** Whether the estimator needs values; if not, no value network is trained. */
    boolean needsValues();

    /** Fewest scored samples per prompt: 2 if the estimator compares samples of a prompt, else 1. */
    int fewestSamplesPerPrompt();

    /**
     * Computes the advantage and the return of every valid step.
     *
     * @param episodes rewards, and the values or groups that this estimator needs
     */
    Advantages estimate(AdvantageInputs episodes);

    /** The estimator of the MusicRL paper. */
    static AdvantageEstimator defaults() {
        return ValueBaseline.defaults();
    }

    /**
     * Expert iteration: supervised learning on the best of a prompt's samples by reward, which {@code reinforce} does with the
     * advantage k for the best of k and 0 for the others, and {@code scale: untouched}: the loss is then the mean
     * negative log-likelihood of the best over as many steps as all samples have. New samples come from the policy that learned,
     * every iteration. Of equal rewards the first counts.
     *
     * <p>Known as expert iteration (Anthony et al. 2017), RAFT or rejection-sampling fine-tuning.
     *
     * @paper Dong et al. 2023, RAFT, algorithm 1, <a href="https://arxiv.org/abs/2304.06767">arXiv 2304.06767</a>; Anthony et
     *     al. 2017, <a href="https://arxiv.org/abs/1705.08439">arXiv 1705.08439</a>
     */
    record BestOfGroup() implements AdvantageEstimator {
        /** Has no settings. */
        public static BestOfGroup defaults() {
            return new BestOfGroup();
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
                int best = samples.get(0);
                for (int b : samples) {
                    best = totals[b] > totals[best] ? b : best;
                }
                advantages[best] = samples.size();
            }
            return Advantages.ofSamples(advantages, episodes);
        }
    }

    /**
     * Generalised advantage estimation (GAE): an exponentially weighted mean of n-step advantages.
     *
     * <p>{@code A_t = Σ_l (γλ)^l δ_{t+l}} with {@code δ_t = r_t + γ V_{t+1} - V_t}; after the last valid step the value is
     * 0. Returns are {@code A + V}. With γ = λ = 1 it is {@link ValueBaseline}.
     *
     * @param gamma discount per step, in [0, 1]; 1 lets the score at the end count fully at the first step
     * @param lambda weight of longer returns, in [0, 1]; 1 is the Monte-Carlo return (no bias, most variance), 0 the one-step
     *     return (least variance, full bias of the values)
     * @paper Schulman et al. 2016, equation 16, <a href="https://arxiv.org/abs/1506.02438">arXiv 1506.02438</a>
     */
    record Gae(double gamma, double lambda) implements AdvantageEstimator {
        public Gae {
            requireShare("gamma", gamma);
            requireShare("lambda", lambda);
        }

        /** No discount, and the usual λ for language models (code of Ziegler et al. 2019). */
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
                    double delta = rewards[b][t] + gamma * valueAfter - values[b][t];
                    advantageAfter = delta + gamma * lambda * advantageAfter;
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
     * Group-normalised advantages (GRPO): the distance of a sample's reward from the mean of its prompt's samples, in
     * standard deviations.
     *
     * <p>{@code A = (R_i - mean(R)) / (sd(R) + epsilon)}, the same at every step, with R as in {@link LeaveOneOut}. The paper
     * does not define the standard deviation; this is the sample standard deviation (divisor k-1). Prompts whose samples
     * score nearly alike count as much as all others, a known effect of the division.
     *
     * @param epsilon added to the standard deviation, in units of reward, above 0; large values approach a mean baseline,
     *     small values magnify rounding differences
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
            return Advantages.ofSamples(advantages, episodes);
        }
    }

    /**
     * Leave-one-out advantages (RLOO): a sample's reward minus the mean reward of the other samples of its prompt.
     *
     * <p>{@code A = R_i - 1/(k-1) Σ_{j≠i} R_j}, the same at every step: the completion counts as one action. R is the sum of
     * all rewards of the sample, with the KL penalty if it is part of the reward. Needs no value network.
     *
     * @paper Ahmadian et al. 2024, Back to Basics, <a href="https://arxiv.org/abs/2402.14740">arXiv
     *     2402.14740</a>; Kool et al. 2019
     */
    record LeaveOneOut() implements AdvantageEstimator {
        /** Has no settings. */
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
            return Advantages.ofSamples(advantages, episodes);
        }
    }

    /**
     * The return that follows a step minus the value predicted before it.
     *
     * <p>{@code A_t = Σ_{i≥t} r_i - V(s_t)}: no discount, no bootstrapping.
     *
     * @paper Cideron et al. 2024, MusicRL, the objective, <a href="https://arxiv.org/abs/2402.04229">arXiv 2402.04229</a>
     */
    record ValueBaseline() implements AdvantageEstimator {
        /** Has no settings. */
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

    /** The samples of a batch grouped by prompt, in order of first appearance. */
    final class SampleGroups {
        private final Map<Integer, List<Integer>> members = new LinkedHashMap<>();

        /** Groups the samples; each group must have at least two. */
        SampleGroups(int[] groups) {
            for (int b = 0; b < groups.length; b++) {
                members.computeIfAbsent(groups[b], group -> new ArrayList<>()).add(b);
            }
            members.forEach((group, samples) -> {
                if (samples.size() < 2) {
                    throw new IllegalArgumentException("group " + group
                            + " has 1 sample, but the comparison of samples of a prompt needs at least 2;"
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

    /** The inputs of an estimator: the rewards of every step and, where needed, values and groups. */
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
         * Creates inputs with rewards.
         *
         * @param rewards reward of each step: the score at the last one, plus the KL penalty of each step if it is part of
         *     the reward
         * @shape rewards {@code [B, T]}
         */
        public static AdvantageInputs of(ValidSteps steps, double[][] rewards) {
            return new AdvantageInputs(steps, steps.require("rewards", rewards), null, null);
        }

        /**
         * Adds the values: the return that the value network predicts before each step.
         *
         * @shape values {@code [B, T]}
         */
        public AdvantageInputs withValues(double[][] values) {
            return new AdvantageInputs(steps, rewards, steps.require("values", values), groups);
        }

        /**
         * Adds the group of each sample; samples of the same prompt have the same number.
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
                throw new IllegalStateException("the inputs have no values, but the advantage estimator needs them");
            }
            return values;
        }

        SampleGroups groups() {
            if (groups == null) {
                throw new IllegalStateException("the inputs have no groups, but the advantage estimator needs them");
            }
            return new SampleGroups(groups);
        }
    }

    /** Advantages and returns of a batch; both tables are NaN after the valid steps. */
    final class Advantages {
        private final double[][] advantages;
        private final double[][] returns;

        Advantages(double[][] advantages, double[][] returns) {
            this.advantages = advantages;
            this.returns = returns;
        }

        /** One advantage for all steps of a sample, {@code [B]}, and the returns as they are. */
        private static Advantages ofSamples(double[] advantages, AdvantageInputs episodes) {
            ValidSteps steps = episodes.steps();
            return new Advantages(
                    steps.table((b, t) -> advantages[b]), StepRewards.returnsToGo(steps, episodes.rewards()));
        }

        /**
         * The advantage of each step.
         *
         * @shape result {@code [B, T]}
         */
        public double[][] advantages() {
            return advantages;
        }

        /**
         * The returns that the value network is fitted to.
         *
         * @shape result {@code [B, T]}
         */
        public double[][] returns() {
            return returns;
        }
    }
}
