package org.encore.trainer.finetuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.CodeSequence;
import org.encore.trainer.TinyModels;
import org.encore.trainer.advantages.ValidSteps;
import org.encore.trainer.finetuning.PolicyImprover.PolicyReport;
import org.encore.trainer.kl.KlController.FixedCoefficient;
import org.encore.trainer.kl.KlPenalty;
import org.encore.trainer.kl.KlPenalty.ExactInLoss;
import org.encore.trainer.kl.KlPenalty.SampledInReward;
import org.encore.trainer.objective.PolicyObjective;
import org.encore.trainer.objective.PolicyObjective.ClippedSurrogate;
import org.encore.trainer.objective.PolicyObjective.Reinforce;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The policy's gradient against central differences of the loss as the papers write it, computed from plain logits:
 * {@code (1/N) Σ_t [w · objective_t + c_KL · KL_t - c_H · H_t]}.
 */
class PolicyGradientTest {
    private static final double COEFFICIENT = 0.3;
    private static final double ENTROPY_COEFFICIENT = 0.01;

    @TempDir
    private Path directory;

    /** What a step costs by its objective alone. */
    @FunctionalInterface
    private interface StepCost {
        double of(double logProb, double behaviour, double advantage);
    }

    private static Stream<Arguments> cases() {
        StepCost reinforce = (logProb, behaviour, advantage) -> -advantage * logProb;
        StepCost clipped = (logProb, behaviour, advantage) -> {
            double ratio = Math.exp(logProb - behaviour);
            return -Math.min(ratio * advantage, Math.max(0.8, Math.min(1.2, ratio)) * advantage);
        };
        return Stream.of(
                Arguments.of(1, 1.0, new Reinforce(), reinforce, new ExactInLoss()),
                Arguments.of(2, 1.0, new Reinforce(), reinforce, new ExactInLoss()),
                Arguments.of(2, 3.0, new Reinforce(), reinforce, new ExactInLoss()),
                Arguments.of(1, 1.0, new ClippedSurrogate(0.2), clipped, new ExactInLoss()),
                Arguments.of(2, 1.0, new ClippedSurrogate(0.2), clipped, new ExactInLoss()),
                Arguments.of(2, 1.0, new ClippedSurrogate(0.2), clipped, SampledInReward.defaults()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientAgreesWithFiniteDifferences(
            int codebooks, double guidance, PolicyObjective objective, StepCost cost, KlPenalty penalty)
            throws IOException {
        try (Bench bench = new Bench(directory, codebooks, 1)) {
            Trial trial = new Trial(bench, codebooks, guidance, cost, penalty);
            FineTuneSettings settings = new Plan()
                    .policy(objective, 1e-3)
                    .kl(penalty, new FixedCoefficient(COEFFICIENT))
                    .rollout(1, 1, Bench.TEMPERATURE)
                    .guidance(guidance)
                    .settings();
            PolicyReport report =
                    PolicyReport.sum(new PolicyImprover(bench.policy(), bench.reference(guidance), settings)
                            .accumulate(trial.microBatches, trial.evidence, trial.steps.total()));
            double[] gradient = Bench.gradientOf(bench.policy());

            double reported = report.loss()
                    + (penalty.lossWeight(COEFFICIENT) * report.exactKl() - ENTROPY_COEFFICIENT * report.entropy())
                            / trial.steps.total();
            assertEquals(trial.loss(), reported, 1e-12);
            assertTrue(report.exactKl() > 0.1, "the policy must differ from its reference");
            if (objective instanceof ClippedSurrogate) {
                double cut = report.metrics().clipFraction();
                assertTrue(cut > 0.2 && cut < 0.8, "both branches must occur, but " + cut + " of the steps are cut");
            }
            Slopes.assertAgree(bench.policy().model(), trial::loss, gradient);
        }
    }

    /** Samples, what is known about them, and their loss from plain logits. */
    private static final class Trial {
        private final Bench bench;
        private final double guidance;
        private final List<CodeBatcher.MicroBatch> microBatches;
        private final ValidSteps steps;
        private final StepCost cost;
        private final KlPenalty penalty;
        private final List<NaiveRows> reference = new ArrayList<>();
        private final PolicyImprover.Evidence evidence;

        Trial(Bench bench, int codebooks, double guidance, StepCost cost, KlPenalty penalty) {
            this.bench = bench;
            this.guidance = guidance;
            this.cost = cost;
            this.penalty = penalty;
            List<CodeSequence> sequences = TinyModels.sequences(codebooks, 5, 9, 2);
            this.microBatches = bench.microBatches(sequences, 2);
            this.steps = bench.steps(sequences);
            for (CodeBatcher.MicroBatch microBatch : microBatches) {
                reference.add(NaiveRows.of(
                        bench.referenceModel(), bench.workspaces(), microBatch, Bench.TEMPERATURE, guidance));
            }
            double[][] now = logProbs();
            RandomGenerator random = new RandomStreams(23).stream(Purpose.NOISE);
            // Ratios of 0.61 to 1.65, none nearer than 0.09 to where the gradient is cut.
            double[] logRatios = {-0.5, -0.1, 0.1, 0.4, 0.5};
            double[][] behaviour = steps.table((b, t) -> now[b][t] - logRatios[random.nextInt(logRatios.length)]);
            double[][] advantages = steps.table((b, t) -> random.nextGaussian());
            this.evidence = new PolicyImprover.Evidence(behaviour, advantages, COEFFICIENT);
        }

        private double[][] logProbs() {
            double[][] table = steps.table((b, t) -> 0.0);
            for (int j = 0; j < microBatches.size(); j++) {
                CodeBatcher.MicroBatch microBatch = microBatches.get(j);
                NaiveRows rows = rows(microBatch);
                forEachStep(microBatch, (member, t, row) -> table[member][t] = logProb(microBatch, rows, row));
            }
            return table;
        }

        private NaiveRows rows(CodeBatcher.MicroBatch microBatch) {
            return NaiveRows.of(bench.policy().model(), bench.workspaces(), microBatch, Bench.TEMPERATURE, guidance);
        }

        private static double logProb(CodeBatcher.MicroBatch microBatch, NaiveRows rows, int row) {
            double sum = 0;
            for (int k = 0; k < microBatch.batch().targets().length; k++) {
                int target = microBatch.batch().targets()[k][row];
                sum += target < 0 ? 0 : rows.logProb(k, row, target);
            }
            return sum;
        }

        double loss() {
            double[] sum = new double[1];
            for (int j = 0; j < microBatches.size(); j++) {
                CodeBatcher.MicroBatch microBatch = microBatches.get(j);
                NaiveRows rows = rows(microBatch);
                NaiveRows referenceRows = reference.get(j);
                forEachStep(microBatch, (member, t, row) -> {
                    double objective = cost.of(
                            logProb(microBatch, rows, row),
                            evidence.behaviour()[member][t],
                            evidence.advantages()[member][t]);
                    sum[0] += penalty.policyWeight(COEFFICIENT) * objective;
                    for (int k = 0; k < microBatch.batch().targets().length; k++) {
                        if (microBatch.batch().targets()[k][row] >= 0) {
                            sum[0] += penalty.lossWeight(COEFFICIENT) * rows.klFrom(referenceRows, k, row)
                                    - ENTROPY_COEFFICIENT * rows.entropy(k, row);
                        }
                    }
                });
            }
            return sum[0] / steps.total();
        }

        @FunctionalInterface
        private interface StepVisitor {
            void visit(int member, int step, int row);
        }

        private static void forEachStep(CodeBatcher.MicroBatch microBatch, StepVisitor visitor) {
            for (int b = 0; b < microBatch.members().length; b++) {
                for (int t = 0; t < microBatch.batch().steps()[b]; t++) {
                    visitor.visit(
                            microBatch.members()[b],
                            t,
                            b * microBatch.batch().shape().steps() + t);
                }
            }
        }
    }
}
