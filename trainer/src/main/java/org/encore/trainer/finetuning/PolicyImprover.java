package org.encore.trainer.finetuning;

import java.io.Serializable;
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
 * Computes the gradient of the policy: combines the objective, the exact KL and the entropy bonus into one gradient of the
 * logits.
 *
 * <p>Loss of a batch with M valid steps: {@code (1/M) [w Σ objective + c_KL Σ_t KL_t - c_H Σ_t H_t]}, where {@link KlPenalty}
 * gives w and c_KL.
 */
final class PolicyImprover {
    private final Learner learner;
    private final Reference reference;
    private final PolicyObjective objective;
    private final KlPenalty penalty;
    private final double inverseTemperature;
    private final double guidanceScale;
    private final double entropyCoefficient;

    PolicyImprover(Learner learner, Reference reference, FineTuneSettings settings) {
        this.learner = learner;
        this.reference = reference;
        this.objective = settings.policy().objective();
        this.penalty = settings.kl().penalty();
        this.inverseTemperature = 1.0 / settings.rollout().temperature();
        this.guidanceScale = settings.rollout().guidanceScale();
        this.entropyCoefficient = settings.policy().entropyCoefficient();
    }

    /**
     * Inputs of the loss for the samples of an iteration.
     *
     * @param behaviour log-probabilities under the policy that generated the samples
     * @param advantages scaled advantage of each step
     * @param coefficient KL coefficient
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    record Evidence(double[][] behaviour, double[][] advantages, double coefficient) {}

    /** Accumulates the gradient of all micro-batches; the caller decides whether to update. A report for each. */
    List<PolicyReport> accumulate(List<CodeBatcher.MicroBatch> microBatches, Evidence evidence, int stepsInBatch) {
        List<CodeBatcher.MicroBatch> guided =
                microBatches.stream().map(each -> each.guided(guidanceScale)).toList();
        return learner.accumulate(guided, new MicroBatchLoss(evidence, stepsInBatch));
    }

    private final class MicroBatchLoss implements Loss<PolicyReport> {
        private final Evidence evidence;
        private final int stepsInBatch;
        private final Reference.Output[] references;

        MicroBatchLoss(Evidence evidence, int stepsInBatch) {
            this.evidence = evidence;
            this.stepsInBatch = stepsInBatch;
            this.references = new Reference.Output[learner.replicas().shards().count()];
        }

        @Override
        public void prepare(int shard, CodeBatcher.MicroBatch microBatch) {
            references[shard] = reference.evaluate(shard, microBatch);
        }

        @Override
        public PolicyReport gradient(
                int shard, CodeBatcher.MicroBatch microBatch, MusicTransformer model, Activations activations) {
            List<Tensor> logits = model.logits(activations, microBatch.batch().inputs());
            List<RowStatistics> statistics = new ArrayList<>();
            for (int k = 0; k < logits.size(); k++) {
                RowStatistics each =
                        new RowStatistics(microBatch.batch().shape().rows());
                Tensor referenceRows = references[shard].rows().get(k);
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
                Tensor referenceRows = references[shard].rows().get(k);
                model.kernels()
                        .policyRowsGradient(
                                logits.get(k), inverseTemperature, targets, referenceRows, statistics.get(k), by);
            }
            return report(microBatch, statistics, logProbs, references[shard].logProbs(), loss);
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
     * Sums over samples, measured in the forward pass of the policy; they add up over micro-batches.
     *
     * @param loss share of the loss of the objective, without KL and entropy bonus
     * @param metrics shares of the metrics of the objective
     * @param codes number of codes
     * @param samples number of sequences
     * @param exactKl sum over codes of the exact KL
     * @param entropy sum over codes
     * @param k1 sum over steps of this estimator
     * @param k2 sum over steps of this estimator
     * @param k3 sum over steps of this estimator
     * @param logProbGap largest difference between a step's log-probability in training and in generation
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
            double logProbGap)
            implements Serializable {
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

        /** The sum of reports. */
        static PolicyReport sum(List<PolicyReport> reports) {
            return reports.stream().reduce(NONE, PolicyReport::plus);
        }

        /** KL from the reference in nats per code. */
        double klPerCode() {
            return exactKl / codes;
        }

        /** KL from the reference in nats per sequence. */
        double klPerSequence() {
            return exactKl / samples;
        }

        /**
         * The metrics of an iteration by name.
         *
         * <p>Metrics of the samples come from the first epoch; with several mini-batches the policy has moved slightly by the
         * last one. The gap of log-probabilities comes from the first mini-batch, before any update. Metrics of updates are
         * means over all updates.
         *
         * @param firstEpoch the reports of the first epoch
         * @param updates the reports of all updates, in order
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

        /** Sums over the codebooks that have a code at a step. */
        static final class StepSums {
            private StepSums() {}

            /**
             * Sums one statistic of each step over codebooks.
             *
             * @param statistics row statistics of each codebook
             * @param statistic which statistic
             * @shape result {@code [B, T]}
             */
            static double[][] of(
                    CodeBatcher.MicroBatch microBatch,
                    List<RowStatistics> statistics,
                    Function<RowStatistics, double[]> statistic) {
                double[] rows = new double[microBatch.batch().shape().rows()];
                for (int k = 0; k < statistics.size(); k++) {
                    int[] targets = microBatch.batch().targets()[k];
                    double[] values = statistic.apply(statistics.get(k));
                    for (int row = 0; row < rows.length; row++) {
                        rows[row] += targets[row] >= 0 ? values[row] : 0.0;
                    }
                }
                return StepTables.ofRows(microBatch, rows);
            }
        }
    }
}
