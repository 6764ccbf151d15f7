package org.encore.trainer.finetuning;

import java.util.ArrayList;
import java.util.List;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.kernels.RowCoefficients;
import org.encore.model.kernels.RowStatistics;
import org.encore.model.kernels.Tensor;
import org.encore.model.learning.Learner;
import org.encore.model.learning.Loss;
import org.encore.model.transformer.Activations;
import org.encore.model.transformer.MusicTransformer;
import org.encore.trainer.leash.KlEstimator;
import org.encore.trainer.leash.KlPenalty;
import org.encore.trainer.objective.PolicyBatch;
import org.encore.trainer.objective.PolicyLoss;
import org.encore.trainer.objective.PolicyObjective;
import org.encore.trainer.steps.ValidSteps;

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
    PolicyReport accumulate(List<CodeBatcher.Part> parts, Evidence evidence, int stepsInBatch) {
        PolicyReport total = PolicyReport.NONE;
        for (PolicyReport part : learner.accumulate(parts, new PartLoss(evidence, stepsInBatch))) {
            total = total.plus(part);
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
        public void prepare(int shard, CodeBatcher.Part part) {
            opinions[shard] = reference.about(shard, part);
        }

        @Override
        public PolicyReport gradient(
                int shard, CodeBatcher.Part part, MusicTransformer model, Activations activations) {
            List<Tensor> logits = model.logits(activations, part.batch().shape());
            List<RowStatistics> statistics = new ArrayList<>();
            for (int k = 0; k < logits.size(); k++) {
                RowStatistics each = new RowStatistics(part.batch().shape().rows());
                Tensor referenceRows = opinions[shard].rows().get(k);
                int[] targets = part.batch().targets()[k];
                model.kernels().policyRows(logits.get(k), inverseTemperature, targets, referenceRows, each);
                statistics.add(each);
            }
            double[][] logProbs = StepSums.of(part, statistics, RowStatistics::logProbs);
            PolicyBatch batch = new PolicyBatch(
                    Tables.steps(part),
                    logProbs,
                    Tables.rows(part, evidence.behaviour()),
                    Tables.rows(part, evidence.advantages()));
            PolicyLoss loss = objective.evaluate(batch, penalty.policyWeight(evidence.coefficient()), stepsInBatch);
            double[] byLogProb = Tables.toRows(part, loss.gradients());
            for (int k = 0; k < logits.size(); k++) {
                int[] targets = part.batch().targets()[k];
                RowCoefficients by = coefficients(targets, byLogProb);
                Tensor referenceRows = opinions[shard].rows().get(k);
                model.kernels()
                        .policyRowsGradient(
                                logits.get(k), inverseTemperature, targets, referenceRows, statistics.get(k), by);
            }
            return report(part, statistics, logProbs, opinions[shard].logProbs(), loss);
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
                CodeBatcher.Part part,
                List<RowStatistics> statistics,
                double[][] logProbs,
                double[][] referenceLogProbs,
                PolicyLoss loss) {
            ValidSteps steps = Tables.steps(part);
            double[][] behaviour = Tables.rows(part, evidence.behaviour());
            double gap = 0;
            for (int b = 0; b < steps.samples(); b++) {
                for (int t = 0; t < steps.length(b); t++) {
                    gap = Math.max(gap, Math.abs(logProbs[b][t] - behaviour[b][t]));
                }
            }
            return new PolicyReport(
                    loss.loss(),
                    loss.figures(),
                    part.batch().targetCount(),
                    steps.samples(),
                    steps.sum(StepSums.of(part, statistics, RowStatistics::kls)),
                    steps.sum(StepSums.of(part, statistics, RowStatistics::entropies)),
                    steps.sum(KlEstimator.K1.perStep(steps, logProbs, referenceLogProbs)),
                    steps.sum(KlEstimator.K2.perStep(steps, logProbs, referenceLogProbs)),
                    steps.sum(KlEstimator.K3.perStep(steps, logProbs, referenceLogProbs)),
                    gap);
        }
    }
}
