package org.encore.trainer.finetuning;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.kernels.RowStatistics;
import org.encore.model.kernels.RowStatistics.RowCoefficients;
import org.encore.model.kernels.Tensor;
import org.encore.model.learning.Learner;
import org.encore.model.learning.Learner.Loss;
import org.encore.model.transformer.Activations;
import org.encore.model.transformer.MusicTransformer;
import org.encore.trainer.advantages.ValidSteps;
import org.encore.trainer.finetuning.PolicyImprover.PolicyReport.StepSums;
import org.encore.trainer.kl.KlEstimator;
import org.encore.trainer.kl.KlPenalty;
import org.encore.trainer.objective.PolicyObjective;
import org.encore.trainer.objective.PolicyObjective.PolicyBatch;
import org.encore.trainer.objective.PolicyObjective.PolicyLoss;
import org.encore.trainer.objective.PolicyObjective.PolicyMetricSums;

/**
 * Moves the policy: the objective's gradient by each step's log-probability, the exact divergence and the entropy bonus,
 * made into one gradient of the logits.
 *
 * <p>Loss of a batch with N valid steps: {@code (1/N) [w Σ objective + c_KL Σ_t KL_t - c_H Σ_t H_t]}, where the leash says what
 * w and c_KL are.
 */
final class PolicyImprover {
    private final Learner learner;
    private final Reference reference;
    private final PolicyObjective objective;
    private final KlPenalty penalty;
    private final double inverseTemperature;
    private final double entropyCoefficient;

    PolicyImprover(Learner learner, Reference reference, FineTuneSettings settings) {
        this.learner = learner;
        this.reference = reference;
        this.objective = settings.policy().objective();
        this.penalty = settings.kl().penalty();
        this.inverseTemperature = 1.0 / settings.rollout().temperature();
        this.entropyCoefficient = settings.policy().entropyCoefficient();
    }

    Learner learner() {
        return learner;
    }

    /**
     * What is known about an iteration's samples.
     *
     * @param behaviour log-probabilities as sampled
     * @param advantages weight of each step
     * @param coefficient of the divergence
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    record Evidence(double[][] behaviour, double[][] advantages, double coefficient) {}

    /** Adds the gradient of all micro-batches; the caller decides whether to update. */
    PolicyReport accumulate(List<CodeBatcher.MicroBatch> microBatches, Evidence evidence, int stepsInBatch) {
        PolicyReport total = PolicyReport.NONE;
        for (PolicyReport microBatch : learner.accumulate(microBatches, new PartLoss(evidence, stepsInBatch))) {
            total = total.plus(microBatch);
        }
        return total;
    }

    private final class PartLoss implements Loss<PolicyReport> {
        private final Evidence evidence;
        private final int stepsInBatch;
        private final Reference.Opinion[] opinions;

        PartLoss(Evidence evidence, int stepsInBatch) {
            this.evidence = evidence;
            this.stepsInBatch = stepsInBatch;
            this.opinions = new Reference.Opinion[learner.replicas().shards().count()];
        }

        @Override
        public void prepare(int shard, CodeBatcher.MicroBatch microBatch) {
            opinions[shard] = reference.about(shard, microBatch);
        }

        @Override
        public PolicyReport gradient(
                int shard, CodeBatcher.MicroBatch microBatch, MusicTransformer model, Activations activations) {
            List<Tensor> logits = model.logits(activations, microBatch.batch().shape());
            List<RowStatistics> statistics = new ArrayList<>();
            for (int k = 0; k < logits.size(); k++) {
                RowStatistics each =
                        new RowStatistics(microBatch.batch().shape().rows());
                Tensor referenceRows = opinions[shard].rows().get(k);
                int[] targets = microBatch.batch().targets()[k];
                model.kernels().policyRows(logits.get(k), inverseTemperature, targets, referenceRows, each);
                statistics.add(each);
            }
            double[][] logProbs = StepSums.of(microBatch, statistics, RowStatistics::logProbs);
            PolicyBatch batch = new PolicyBatch(
                    StepTables.steps(microBatch),
                    logProbs,
                    StepTables.rows(microBatch, evidence.behaviour()),
                    StepTables.rows(microBatch, evidence.advantages()));
            PolicyLoss loss = objective.evaluate(batch, penalty.policyWeight(evidence.coefficient()), stepsInBatch);
            double[] byLogProb = StepTables.toRows(microBatch, loss.gradients());
            for (int k = 0; k < logits.size(); k++) {
                int[] targets = microBatch.batch().targets()[k];
                RowCoefficients by = coefficients(targets, byLogProb);
                Tensor referenceRows = opinions[shard].rows().get(k);
                model.kernels()
                        .policyRowsGradient(
                                logits.get(k), inverseTemperature, targets, referenceRows, statistics.get(k), by);
            }
            return report(microBatch, statistics, logProbs, opinions[shard].logProbs(), loss);
        }

        private RowCoefficients coefficients(int[] targets, double[] byLogProb) {
            RowCoefficients by = new RowCoefficients(targets.length);
            double kl = penalty.lossWeight(evidence.coefficient()) / stepsInBatch;
            double entropy = -entropyCoefficient / stepsInBatch;
            for (int row = 0; row < targets.length; row++) {
                if (targets[row] >= 0) {
                    by.byLogProb()[row] = byLogProb[row];
                    by.byKl()[row] = kl;
                    by.byEntropy()[row] = entropy;
                }
            }
            return by;
        }

        private PolicyReport report(
                CodeBatcher.MicroBatch microBatch,
                List<RowStatistics> statistics,
                double[][] logProbs,
                double[][] referenceLogProbs,
                PolicyLoss loss) {
            ValidSteps steps = StepTables.steps(microBatch);
            double[][] behaviour = StepTables.rows(microBatch, evidence.behaviour());
            double gap = 0;
            for (int b = 0; b < steps.samples(); b++) {
                for (int t = 0; t < steps.length(b); t++) {
                    gap = Math.max(gap, Math.abs(logProbs[b][t] - behaviour[b][t]));
                }
            }
            return new PolicyReport(
                    loss.loss(),
                    loss.metrics(),
                    microBatch.batch().targetCount(),
                    steps.samples(),
                    steps.sum(StepSums.of(microBatch, statistics, RowStatistics::kls)),
                    steps.sum(StepSums.of(microBatch, statistics, RowStatistics::entropies)),
                    steps.sum(KlEstimator.K1.perStep(steps, logProbs, referenceLogProbs)),
                    steps.sum(KlEstimator.K2.perStep(steps, logProbs, referenceLogProbs)),
                    steps.sum(KlEstimator.K3.perStep(steps, logProbs, referenceLogProbs)),
                    gap);
        }
    }

    /**
     * What the policy's pass over samples showed: sums, which add up over micro-batches.
     *
     * @param loss share of the batch's loss of the objective, divergence and entropy not included
     * @param metrics shares of the batch's figures
     * @param codes number of codes
     * @param samples number of sequences
     * @param exactKl sum over codes of the exact divergence
     * @param entropy sum over codes
     * @param k1 sum over steps of the estimate
     * @param k2 sum over steps of the estimate
     * @param k3 sum over steps of the estimate
     * @param logProbGap largest difference between a step's log-probability now and as sampled
     */
    record PolicyReport(
            double loss,
            PolicyMetricSums metrics,
            int codes,
            int samples,
            double exactKl,
            double entropy,
            double k1,
            double k2,
            double k3,
            double logProbGap) {
        static final PolicyReport NONE = new PolicyReport(0, PolicyMetricSums.NONE, 0, 0, 0, 0, 0, 0, 0, 0);

        PolicyReport plus(PolicyReport other) {
            return new PolicyReport(
                    loss + other.loss,
                    metrics.plus(other.metrics),
                    codes + other.codes,
                    samples + other.samples,
                    exactKl + other.exactKl,
                    entropy + other.entropy,
                    k1 + other.k1,
                    k2 + other.k2,
                    k3 + other.k3,
                    Math.max(logProbGap, other.logProbGap));
        }

        /** All of some reports together. */
        static PolicyReport sum(List<PolicyReport> reports) {
            return reports.stream().reduce(NONE, PolicyReport::plus);
        }

        /** Divergence from the reference in nats a code. */
        double klPerCode() {
            return exactKl / codes;
        }

        /** Divergence from the reference in nats a sequence. */
        double klPerSequence() {
            return exactKl / samples;
        }

        /**
         * The figures of an iteration under the field's names; divergences a sequence as there, and a code as well.
         *
         * <p>What describes the samples is of all of them, each when it is first gone through: with several mini-batches the
         * policy has moved a little by the last. The gap of log-probabilities is of the first mini-batch, while the policy is
         * still the one that played. What describes the updates is their mean.
         *
         * @param firstEpoch the reports of the first time through all samples
         * @param updates the report of each update, in their order
         */
        static Map<String, Double> named(List<PolicyReport> firstEpoch, List<PolicyReport> updates) {
            PolicyReport first = sum(firstEpoch);
            PolicyReport all = sum(updates);
            int count = updates.size();
            Map<String, Double> named = new LinkedHashMap<>();
            named.put("objective/kl", first.klPerSequence());
            named.put("objective/entropy", first.entropy / first.codes);
            named.put("kl/exact", first.klPerCode());
            named.put("kl/k1", first.k1 / first.codes);
            named.put("kl/k2", first.k2 / first.codes);
            named.put("kl/k3", first.k3 / first.codes);
            named.put("loss/policy_avg", all.loss / count);
            named.putAll(all.metrics.over(count).named());
            named.put("policy/logprob_gap_max", updates.get(0).logProbGap);
            return named;
        }

        /** Sums over the codebooks of a step, leaving out those that have no code there. */
        static final class StepSums {
            private StepSums() {}

            /**
             * Adds up one figure of each step.
             *
             * @param statistics of each codebook
             * @param figure which of its figures
             * @shape result {@code [B, T]}
             */
            static double[][] of(
                    CodeBatcher.MicroBatch microBatch,
                    List<RowStatistics> statistics,
                    Function<RowStatistics, double[]> figure) {
                double[] rows = new double[microBatch.batch().shape().rows()];
                for (int k = 0; k < statistics.size(); k++) {
                    int[] targets = microBatch.batch().targets()[k];
                    double[] values = figure.apply(statistics.get(k));
                    for (int row = 0; row < rows.length; row++) {
                        rows[row] += targets[row] >= 0 ? values[row] : 0.0;
                    }
                }
                return StepTables.ofRows(microBatch, rows);
            }
        }
    }
}
