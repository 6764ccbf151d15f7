package org.encore.trainer.finetuning;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.transformer.MusicTransformer;
import org.encore.trainer.TinyModels;
import org.encore.trainer.advantages.ValidSteps;
import org.encore.trainer.objective.ValueObjective;
import org.encore.trainer.objective.ValueObjective.ClippedSquaredError;
import org.encore.trainer.objective.ValueObjective.SquaredError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The value network's gradient against central differences of the loss as the papers write it. */
class ValueGradientTest {
    private static final double CLIP_RANGE = 0.3;

    @TempDir
    private Path directory;

    /** What a step costs. */
    @FunctionalInterface
    private interface StepCost {
        double of(double value, double valueAtSampling, double wanted);
    }

    private static Stream<Arguments> cases() {
        StepCost square = (value, before, wanted) -> (value - wanted) * (value - wanted);
        StepCost clipped = (value, before, wanted) -> {
            double near = Math.max(before - CLIP_RANGE, Math.min(before + CLIP_RANGE, value));
            return Math.max((value - wanted) * (value - wanted), (near - wanted) * (near - wanted));
        };
        return Stream.of(
                Arguments.of(1, new SquaredError(), square),
                Arguments.of(2, new SquaredError(), square),
                Arguments.of(1, new ClippedSquaredError(CLIP_RANGE), clipped));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientAgreesWithFiniteDifferences(int codebooks, ValueObjective objective, StepCost cost)
            throws IOException {
        try (Bench bench = new Bench(directory, codebooks, 1)) {
            List<CodeSequence> sequences = TinyModels.sequences(codebooks, 5, 9, 2);
            List<CodeBatcher.MicroBatch> microBatches = bench.microBatches(sequences, 2);
            ValidSteps steps = bench.steps(sequences);
            double[][] values = plainValues(bench, microBatches, steps);
            RandomGenerator random = new RandomStreams(31).stream(Purpose.NOISE);
            // Moves of up to 1, none within 0.1 of where the gradient is cut; returns on both sides of the values.
            double[] moves = {-1.0, -0.5, -0.1, 0.0, 0.2, 0.5, 1.0};
            double[][] before = steps.table((b, t) -> values[b][t] - moves[random.nextInt(moves.length)]);
            double[][] wanted = steps.table((b, t) -> values[b][t] + 2 * random.nextGaussian());

            TrunkCritic critic = new TrunkCritic(bench.value(), bench.workspaces(), objective);
            double[][] asked = critic.values(steps, microBatches);
            for (int b = 0; b < values.length; b++) {
                assertArrayEquals(values[b], asked[b], 1e-12);
            }
            Critic.Fit fit =
                    critic.fit(microBatches, before, wanted, steps.total()).orElseThrow();
            double[] gradient = bench.value()
                    .model()
                    .kernels()
                    .readDoubles(bench.value().optimiser().firstMoment().flat());

            double loss = loss(bench, microBatches, steps, cost, before, wanted);
            assertEquals(loss, fit.loss(), 1e-12);
            assertTrue(loss > 0.1, "there must be something to learn");
            Slopes.assertAgree(
                    bench.value().model(), () -> loss(bench, microBatches, steps, cost, before, wanted), gradient);
        }
    }

    @Test
    void theFirstBaselineIsTheMeanReturn() throws IOException {
        try (Bench bench = new Bench(directory, 1, 1)) {
            MusicTransformer model = bench.value().model();
            model.kernels().fill(model.parameters().get("score.weight"), 0.0);
            TrunkCritic critic = new TrunkCritic(bench.value(), bench.workspaces(), new SquaredError());
            critic.startAt(new double[] {0.5, 0.75});
            List<CodeSequence> sequences = TinyModels.sequences(1, 3);
            double[][] values = critic.values(bench.steps(sequences), bench.microBatches(sequences, 1));
            assertArrayEquals(new double[] {0.625, 0.625, 0.625}, values[0], 0.0);
        }
    }

    private static double loss(
            Bench bench,
            List<CodeBatcher.MicroBatch> microBatches,
            ValidSteps steps,
            StepCost cost,
            double[][] before,
            double[][] wanted) {
        double[][] values = plainValues(bench, microBatches, steps);
        return steps.sum((b, t) -> cost.of(values[b][t], before[b][t], wanted[b][t])) / steps.total();
    }

    private static double[][] plainValues(Bench bench, List<CodeBatcher.MicroBatch> microBatches, ValidSteps steps) {
        MusicTransformer model = bench.value().model();
        double[][] values = steps.table((b, t) -> Double.NaN);
        for (CodeBatcher.MicroBatch microBatch : microBatches) {
            model.forward(bench.workspaces().of(0), microBatch.batch().inputs());
            double[] rows = model.kernels()
                    .readDoubles(model.scalars(
                            bench.workspaces().of(0), microBatch.batch().shape()));
            for (int b = 0; b < microBatch.members().length; b++) {
                int width = microBatch.batch().shape().steps();
                System.arraycopy(
                        rows,
                        b * width,
                        values[microBatch.members()[b]],
                        0,
                        microBatch.batch().steps()[b]);
            }
        }
        return values;
    }
}
