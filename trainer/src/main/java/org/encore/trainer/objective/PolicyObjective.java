package org.encore.trainer.objective;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import org.encore.trainer.advantages.ValidSteps;

/** Computes the loss of the policy from advantages, and its derivative by the log-probability of each sampled action. */
public sealed interface PolicyObjective {
    /**
     * Computes loss, gradient and metrics of a batch or of a micro-batch.
     *
     * @param batch the samples
     * @param weight factor of the whole loss: {@code 1 - α} for a KL penalty in the loss, 1 for a penalty in the reward
     * @param stepsInBatch M, the number of valid steps in the whole batch
     */
    PolicyLoss evaluate(PolicyBatch batch, double weight, int stepsInBatch);

    /** The objective of the MusicRL paper. */
    static PolicyObjective defaults() {
        return Reinforce.defaults();
    }

    /**
     * How far the policy has moved since it generated the samples: sums over steps divided by M.
     *
     * <p>For a whole batch these are means over steps; for micro-batches, shares that {@link #plus} adds up.
     *
     * @param approxKl {@code (log ρ)² / 2}, in nats per step; 0 before the first update
     * @param clipFraction share of steps whose gradient was clipped; 0 if the objective does not clip
     * @param ratio ρ; 1 before the first update
     */
    record PolicyMetricSums(double approxKl, double clipFraction, double ratio) implements Serializable {
        /** The metrics of no step. */
        public static final PolicyMetricSums NONE = new PolicyMetricSums(0.0, 0.0, 0.0);

        static PolicyMetricSums of(PolicyBatch batch, ValidSteps.StepFunction clipped, int stepsInBatch) {
            ValidSteps steps = batch.steps();
            return new PolicyMetricSums(
                    steps.sum((b, t) -> batch.logRatio(b, t) * batch.logRatio(b, t) / 2.0) / stepsInBatch,
                    steps.sum(clipped) / stepsInBatch,
                    steps.sum(batch::ratio) / stepsInBatch);
        }

        /** Adds the metrics of another micro-batch of the same batch. */
        public PolicyMetricSums plus(PolicyMetricSums other) {
            return new PolicyMetricSums(
                    approxKl + other.approxKl, clipFraction + other.clipFraction, ratio + other.ratio);
        }

        /** Divides by the number of updates: turns sums into means. */
        public PolicyMetricSums over(int updates) {
            return new PolicyMetricSums(approxKl / updates, clipFraction / updates, ratio / updates);
        }

        /** The metrics by name. */
        public Map<String, Double> named() {
            Map<String, Double> named = new LinkedHashMap<>();
            named.put("policy/approxkl_avg", approxKl);
            named.put("policy/clipfrac_avg", clipFraction);
            named.put("val/ratio", ratio);
            return named;
        }
    }

    /**
     * The policy gradient (REINFORCE): weights log-probabilities by advantages.
     *
     * <p>Loss of a step: {@code -w log π(a_t|s_t) A_t / M}; gradient: {@code -w A_t / M}. The paper sums over the steps of a
     * clip; we divide by M, which only changes the scale of the learning rate. Exact for samples of the current policy; for
     * further updates on the same samples use {@link ClippedSurrogate}, which corrects for the difference.
     *
     * @paper Cideron et al. 2024, MusicRL, the objective, <a href="https://arxiv.org/abs/2402.04229">arXiv 2402.04229</a>;
     *     Williams 1992
     */
    record Reinforce() implements PolicyObjective {
        /** Has no settings. */
        public static Reinforce defaults() {
            return new Reinforce();
        }

        @Override
        public PolicyLoss evaluate(PolicyBatch batch, double weight, int stepsInBatch) {
            ValidSteps steps = batch.steps();
            double scale = steps.lossScale(weight, stepsInBatch);
            double[][] losses = steps.table((b, t) -> -scale * batch.logProbs()[b][t] * batch.advantages()[b][t]);
            double[][] gradients = steps.table((b, t) -> -scale * batch.advantages()[b][t]);
            return new PolicyLoss(
                    losses, steps.sum(losses), gradients, PolicyMetricSums.of(batch, (b, t) -> 0.0, stepsInBatch));
        }
    }

    /**
     * The clipped surrogate objective (PPO): weights advantages by the probability ratio, without gradient beyond a range.
     *
     * <p>Loss of a step: {@code -w min(ρ A, clip(ρ, 1-c, 1+c) A) / M}. The gradient is {@code -w ρ A / M} where the first
     * term is not the larger one, else 0: a step is clipped only if a further move in the same direction would lower the loss.
     *
     * @param clipRange c, how far the ratio may move from 1 before its gradient is clipped, in (0, 1); values near 0 freeze
     *     the policy after one update, values near 1 clip almost no decrease
     * @paper Schulman et al. 2017, equation 7, <a href="https://arxiv.org/abs/1707.06347">arXiv 1707.06347</a>
     */
    record ClippedSurrogate(double clipRange) implements PolicyObjective {
        public ClippedSurrogate {
            if (!(clipRange > 0.0 && clipRange < 1.0)) {
                throw new IllegalArgumentException("clipRange is " + clipRange + ", but must lie in (0, 1)");
            }
        }

        /** The best range of the paper's table 1. */
        public static ClippedSurrogate defaults() {
            return new ClippedSurrogate(0.2);
        }

        @Override
        public PolicyLoss evaluate(PolicyBatch batch, double weight, int stepsInBatch) {
            ValidSteps steps = batch.steps();
            double scale = steps.lossScale(weight, stepsInBatch);
            double[][] losses =
                    steps.table((b, t) -> -scale * (isCut(batch, b, t) ? clipped(batch, b, t) : plain(batch, b, t)));
            double[][] gradients = steps.table((b, t) -> isCut(batch, b, t) ? 0.0 : -scale * plain(batch, b, t));
            return new PolicyLoss(
                    losses,
                    steps.sum(losses),
                    gradients,
                    PolicyMetricSums.of(batch, (b, t) -> isCut(batch, b, t) ? 1.0 : 0.0, stepsInBatch));
        }

        private boolean isCut(PolicyBatch batch, int b, int t) {
            return clipped(batch, b, t) < plain(batch, b, t);
        }

        private static double plain(PolicyBatch batch, int b, int t) {
            return batch.ratio(b, t) * batch.advantages()[b][t];
        }

        private double clipped(PolicyBatch batch, int b, int t) {
            double ratio = Math.max(1.0 - clipRange, Math.min(1.0 + clipRange, batch.ratio(b, t)));
            return ratio * batch.advantages()[b][t];
        }
    }

    /** The inputs of a policy objective, checked on creation. */
    final class PolicyBatch {
        private final ValidSteps steps;
        private final double[][] logProbs;
        private final double[][] behaviourLogProbs;
        private final double[][] advantages;

        /**
         * Takes the tables without copying.
         *
         * @param steps which entries are valid
         * @param logProbs log-probability of the sampled actions under the current policy, in nats
         * @param behaviourLogProbs the same under the policy that generated the samples; equal before the first update
         * @param advantages advantages, in units of reward
         * @shape logProbs, behaviourLogProbs and advantages {@code [B, T]}
         */
        public PolicyBatch(ValidSteps steps, double[][] logProbs, double[][] behaviourLogProbs, double[][] advantages) {
            this.steps = steps;
            this.logProbs = steps.require("logProbs", logProbs);
            this.behaviourLogProbs = steps.require("behaviourLogProbs", behaviourLogProbs);
            this.advantages = steps.require("advantages", advantages);
        }

        ValidSteps steps() {
            return steps;
        }

        double[][] logProbs() {
            return logProbs;
        }

        double[][] advantages() {
            return advantages;
        }

        /** log ρ: the log-ratio of the current policy to the policy that generated the sample. */
        double logRatio(int b, int t) {
            return logProbs[b][t] - behaviourLogProbs[b][t];
        }

        /** The ratio ρ. */
        double ratio(int b, int t) {
            return Math.exp(logRatio(b, t));
        }
    }

    /** Loss of the policy on a batch or a micro-batch; tables are NaN after the valid steps. */
    final class PolicyLoss {
        private final double loss;
        private final double[][] losses;
        private final double[][] gradients;
        private final PolicyMetricSums metrics;

        PolicyLoss(double[][] losses, double loss, double[][] gradients, PolicyMetricSums metrics) {
            this.losses = losses;
            this.loss = loss;
            this.gradients = gradients;
            this.metrics = metrics;
        }

        /** The loss: the sum of all {@link #losses()}. */
        public double loss() {
            return loss;
        }

        /**
         * The share of each step in the loss.
         *
         * @shape result {@code [B, T]}
         */
        public double[][] losses() {
            return losses;
        }

        /**
         * Derivative of the loss by the log-probability of each step.
         *
         * @shape result {@code [B, T]}
         */
        public double[][] gradients() {
            return gradients;
        }

        /** How far the policy has moved since it generated the samples. */
        public PolicyMetricSums metrics() {
            return metrics;
        }
    }
}
