package org.encore.trainer.finetuning;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.learning.NextCodeLoss;
import org.encore.model.optimiser.AdamW;
import org.encore.trainer.TinyModels;
import org.encore.trainer.advantages.ValidSteps;
import org.encore.trainer.finetuning.PolicyImprover.PolicyReport;
import org.encore.trainer.kl.KlController.FixedCoefficient;
import org.encore.trainer.kl.KlPenalty.ExactInLoss;
import org.encore.trainer.objective.PolicyObjective.ClippedSurrogate;
import org.encore.trainer.objective.ValueObjective.SquaredError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a batch is cut, spread over shards or padded changes nothing but the last bits. */
class BatchingTest {
    private static final double TOLERANCE = 1e-10;
    /** An optimiser that moves weights, without the division that blows rounding up to whole steps. */
    private static final AdamW.Settings MOVING = new AdamW.Settings(1e-3, 0.9, 0.95, 1e-3, 0.01, 1.0);
    /** In 16, 32 and 48 padded steps. */
    private static final int[] LENGTHS = {4, 20, 7, 35};

    @TempDir
    private Path directory;

    /** All that a batch does to policy and value network. */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    private record Effect(
            PolicyReport report,
            double[] policyGradient,
            double valueLoss,
            double[] valueGradient,
            double nextCodeLoss,
            double[] nextCodeGradient) {}

    private static FineTuneSettings settings() {
        return new Plan()
                .policy(new ClippedSurrogate(0.2), 1e-3)
                .kl(new ExactInLoss(), new FixedCoefficient(0.3))
                .rollout(1, 1, Bench.TEMPERATURE)
                .settings();
    }

    private Effect effect(int codebooks, int shards, int microBatch, int... members) throws IOException {
        try (Bench bench = new Bench(directory, codebooks, shards)) {
            return effect(bench, codebooks, microBatch, members);
        }
    }

    /** Of some members of a batch, as a share of the whole. */
    private static Effect effect(Bench bench, int codebooks, int microBatch, int... members) {
        List<CodeSequence> all = TinyModels.sequences(codebooks, LENGTHS);
        int stepsInBatch = bench.steps(all).total();
        List<CodeSequence> sequences = Arrays.stream(members).mapToObj(all::get).toList();
        List<CodeBatcher.MicroBatch> microBatches = bench.microBatches(sequences, microBatch);
        ValidSteps steps = bench.steps(sequences);
        double[][] behaviour = steps.table((b, t) -> -3.5 + noise(1, members[b], t));
        double[][] advantages = steps.table((b, t) -> noise(2, members[b], t));
        double[][] returns = steps.table((b, t) -> noise(3, members[b], t));
        PolicyReport report = new PolicyImprover(bench.policy(), bench.reference(1.0), settings())
                .accumulate(microBatches, new PolicyImprover.Evidence(behaviour, advantages, 0.3), stepsInBatch);
        double[] policyGradient = Bench.gradientOf(bench.policy());
        TrunkCritic critic = new TrunkCritic(bench.value(), bench.workspaces(), new SquaredError());
        double valueLoss = critic.fit(microBatches, returns, returns, stepsInBatch)
                .orElseThrow()
                .loss();
        double[] valueGradient = bench.value()
                .model()
                .kernels()
                .readDoubles(bench.value().optimiser().firstMoment().flat());
        NextCodeLoss nextCode =
                new NextCodeLoss(bench.policy().replicas().shards().count()).begin(1000);
        bench.policy().add(microBatches, nextCode);
        return new Effect(
                report, policyGradient, valueLoss, valueGradient, nextCode.value(), Bench.gradientOf(bench.policy()));
    }

    private static double noise(int table, int member, int step) {
        RandomGenerator random = new RandomStreams(37).stream(Purpose.NOISE, table, member, step);
        return random.nextGaussian();
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "1, 1, 2", "1, 2, 1", "1, 2, 2", "2, 1, 1", "2, 2, 2"})
    void accumulatedIsBatched(int codebooks, int shards, int microBatch) throws IOException {
        Effect batched = effect(codebooks, 1, 4, 0, 1, 2, 3);
        assertTrue(largest(batched.policyGradient()) > 1e-3, "the policy must have something to learn");
        assertTrue(largest(batched.valueGradient()) > 1e-3, "the value network must have something to learn");
        assertSame(batched, effect(codebooks, shards, microBatch, 0, 1, 2, 3));
    }

    /** Alone, a sequence of 4 steps is padded to 16; beside one of 35, to 40. */
    @Test
    void paddedIsUnpadded() throws IOException {
        try (Bench bench = new Bench(directory, 1, 1)) {
            Effect together = effect(bench, 1, 4, 0, 1, 2, 3);
            Effect[] alone = new Effect[LENGTHS.length];
            for (int i = 0; i < alone.length; i++) {
                alone[i] = effect(bench, 1, 1, i);
            }
            assertSame(together, Arrays.stream(alone).reduce(BatchingTest::sum).orElseThrow());
            assertEquals(4, alone[0].report().codes());
        }
    }

    @Test
    void aSequenceDoesNotSeeItsNeighbours() throws IOException {
        try (Bench bench = new Bench(directory, 2, 1)) {
            TrunkCritic critic = new TrunkCritic(bench.value(), bench.workspaces(), new SquaredError());
            List<CodeSequence> all = TinyModels.sequences(2, LENGTHS);
            double[][] together = critic.values(bench.steps(all), bench.microBatches(all, 4));
            List<CodeSequence> two = List.of(all.get(0), all.get(2));
            double[][] apart = critic.values(bench.steps(two), bench.microBatches(two, 2));
            assertArrayEquals(Arrays.copyOf(together[0], 5), Arrays.copyOf(apart[0], 5), 1e-12);
            assertArrayEquals(Arrays.copyOf(together[2], 8), Arrays.copyOf(apart[1], 8), 1e-12);
        }
    }

    @Test
    void updatesAreTheSameToo() throws IOException {
        double[] batched = weightsAfterTwoUpdates(1, 4);
        for (int[] spread : new int[][] {{1, 1}, {2, 1}, {2, 2}}) {
            double[] accumulated = weightsAfterTwoUpdates(spread[0], spread[1]);
            assertArrayEquals(batched, accumulated, TOLERANCE, Arrays.toString(spread));
        }
    }

    private double[] weightsAfterTwoUpdates(int shards, int microBatch) throws IOException {
        try (Bench bench = new Bench(directory, 1, shards, MOVING)) {
            double[] before = Bench.weightsOf(bench.policy().model());
            effect(bench, 1, microBatch, 0, 1, 2, 3);
            double[] after = Bench.weightsOf(bench.policy().model());
            double moved = 0;
            for (int i = 0; i < before.length; i++) {
                moved = Math.max(moved, Math.abs(after[i] - before[i]));
            }
            assertTrue(moved > 1e-4, "the weights must move");
            return after;
        }
    }

    private static double largest(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElseThrow();
    }

    private static Effect sum(Effect a, Effect b) {
        return new Effect(
                a.report().plus(b.report()),
                sum(a.policyGradient(), b.policyGradient()),
                a.valueLoss() + b.valueLoss(),
                sum(a.valueGradient(), b.valueGradient()),
                a.nextCodeLoss() + b.nextCodeLoss(),
                sum(a.nextCodeGradient(), b.nextCodeGradient()));
    }

    private static double[] sum(double[] a, double[] b) {
        double[] sum = a.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += b[i];
        }
        return sum;
    }

    private static void assertSame(Effect expected, Effect actual) {
        assertArrayEquals(expected.policyGradient(), actual.policyGradient(), TOLERANCE);
        assertArrayEquals(expected.valueGradient(), actual.valueGradient(), TOLERANCE);
        assertEquals(expected.valueLoss(), actual.valueLoss(), TOLERANCE);
        assertEquals(expected.nextCodeLoss(), actual.nextCodeLoss(), TOLERANCE);
        assertArrayEquals(expected.nextCodeGradient(), actual.nextCodeGradient(), TOLERANCE);
        assertEquals(expected.report().codes(), actual.report().codes());
        assertEquals(expected.report().samples(), actual.report().samples());
        Map<String, Double> metrics = PolicyReport.named(List.of(actual.report()), List.of(actual.report()));
        PolicyReport.named(List.of(expected.report()), List.of(expected.report()))
                .forEach((name, value) -> assertEquals(value, metrics.get(name), TOLERANCE, name));
    }
}
