package org.encore.trainer.finetuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.encore.base.files.InvalidFileException;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.parallel.Completion;
import org.encore.model.parallel.Shards;
import org.encore.rewards.mixture.Mixture;
import org.encore.rewards.mixture.Normaliser.Running;
import org.encore.rewards.specs.MixtureSpec;
import org.encore.rewards.specs.MixtureSpec.RewardEntry;
import org.encore.rewards.specs.RuleReward.NoteDensity;
import org.encore.trainer.RunFiles;
import org.encore.trainer.TinyWorld;
import org.encore.trainer.advantages.AdvantageEstimator.ValueBaseline;
import org.encore.trainer.advantages.AdvantageScale;
import org.encore.trainer.finetuning.Iteration.Environment;
import org.encore.trainer.kl.KlController.FixedCoefficient;
import org.encore.trainer.kl.KlPenalty.SampledInReward;
import org.encore.trainer.objective.ValueObjective;
import org.encore.trainer.value.ValueNetwork.Reader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs with a reader as value network. */
class ReaderRunTest {
    private static final int STEPS = 4;

    @TempDir
    private static Path world;

    @TempDir
    private Path run;

    private static Path whole;

    private static Reader reader() {
        return new Reader(4, 3, 5, 3, 4, 2, 8, 2, 1e-2, Optional.empty());
    }

    private static Plan plan(Reader reader) {
        return new Plan()
                .steps(STEPS)
                .advantages(new ValueBaseline(), AdvantageScale.WHITENED)
                .kl(SampledInReward.defaults(), new FixedCoefficient(0.05))
                .network(reader)
                .checkpointEvery(2);
    }

    @BeforeAll
    static void once() throws IOException {
        whole = world.resolve("run");
        Rehearsal.whole(plan(reader()), whole);
    }

    @Test
    void aResumedRunEndsLikeTheWholeOne() throws IOException {
        Rehearsal.interrupted(3, plan(reader()), run);
        Rehearsal.resumed(plan(reader()), run);
        Map<String, String> expected = RunFiles.digests(whole.resolve("checkpoints/step-4"));
        assertTrue(expected.containsKey("value/reader.safetensors"), expected::toString);
        assertTrue(expected.containsKey("value/replay.safetensors"), expected::toString);
        assertEquals(expected, RunFiles.digests(run.resolve("checkpoints/step-4")));
        assertEquals(RunFiles.timelessMetrics(whole), RunFiles.timelessMetrics(run));
    }

    @Test
    void threadsChangeNothing() throws IOException {
        Rehearsal.inThreads(1, plan(reader()), run);
        assertEquals(
                RunFiles.digests(whole.resolve("checkpoints/step-4")),
                RunFiles.digests(run.resolve("checkpoints/step-4")));
    }

    @Test
    void itIsMeasuredAtEveryTenth() throws IOException {
        Map<String, Object> line = RunFiles.metrics(whole).get(0);
        for (String name : new String[] {
            "val/explained_variance",
            "val/explained_variance_at/00",
            "val/explained_variance_at/90",
            "loss/value_avg",
            "grad_norm/value",
            "timing_s/value_warmup"
        }) {
            assertTrue(Double.isFinite((Double) line.get(name)), () -> name + " in " + line);
        }
        assertFalse(RunFiles.metrics(whole).get(1).containsKey("timing_s/value_warmup"));
    }

    @Test
    void anotherRunsReaderSavesTheWarmUp() throws IOException {
        Path start = whole.resolve("checkpoints/step-4/value");
        Reader again = new Reader(4, 3, 5, 0, 4, 2, 8, 2, 1e-2, Optional.of(start));
        Rehearsal.whole(plan(again), run);
        assertFalse(RunFiles.metrics(run).get(0).containsKey("timing_s/value_warmup"));
        // Without updates the weights stay what they were; the moments of the other run are not taken over.
        assertNotEquals(
                RunFiles.digests(start).get("reader.safetensors"),
                RunFiles.digests(run.resolve("checkpoints/step-4/value")).get("reader.safetensors"));
    }

    @Test
    void aReaderOfAnotherSizeOrNoneIsRefusedInOneLine() {
        Path start = whole.resolve("checkpoints/step-4/value");
        Reader wider = new Reader(4, 3, 6, 3, 4, 2, 8, 2, 1e-2, Optional.of(start));
        assertTrue(assertThrows(InvalidFileException.class, () -> Rehearsal.whole(plan(wider), run))
                .getMessage()
                .contains("give it the same embedding and hidden"));
        Reader nowhere = new Reader(4, 3, 5, 3, 4, 2, 8, 2, 1e-2, Optional.of(world));
        assertTrue(assertThrows(InvalidFileException.class, () -> Rehearsal.whole(plan(nowhere), run))
                .getMessage()
                .contains("holds no reader.safetensors"));
    }

    /** Under moving moments the scores of beginnings are measured on the run's scale, and change nothing of the run. */
    @Test
    void scoresOfBeginningsLeaveTheRewardsAsTheyAre() throws IOException {
        RewardEntry running = new RewardEntry(
                "density",
                1.0,
                RewardEntry.defaults(NoteDensity.defaults()).schedule(),
                new Running(),
                RewardEntry.defaults(NoteDensity.defaults()).clip(),
                NoteDensity.defaults());
        Rehearsal.whole(plan(reader()).rewards(running).steps(1), run);
        Path other = world.resolve("other");
        Rehearsal.whole(
                plan(new Reader(0, 3, 5, 3, 4, 2, 8, 2, 1e-2, Optional.empty()))
                        .rewards(running)
                        .steps(1),
                other);
        assertEquals(
                RunFiles.metrics(run).get(0).get("objective/scores"),
                RunFiles.metrics(other).get(0).get("objective/scores"));
    }

    @Test
    void aReaderCannotClipItsLoss() {
        assertTrue(assertThrows(
                        IllegalArgumentException.class,
                        () -> new Plan().network(reader()).value(new ValueObjective.ClippedSquaredError(0.2), 1e-3, 0))
                .getMessage()
                .contains("must be squared-error"));
    }

    /** End to end, with the reference's passes and the rewards: what comes after a step changes no value up to it. */
    @Test
    void valuesDoNotKnowWhatComesAfterThem() throws IOException {
        FineTuneSettings settings = plan(reader()).settings();
        Mixture rewards = new MixtureSpec(settings.rewards(), settings.onRewardFailure()).mixture();
        try (Shards shards = new Shards(2, 2, () -> new PortableKernels(Precision.SINGLE));
                Networks networks = new Networks(settings, TinyWorld.base(), TinyWorld.codec(), shards)) {
            Environment environment = new Environment(
                    TinyWorld.codec(), TinyWorld.corpus().open(TinyWorld.codec(), TinyWorld.MAX_FRAMES), rewards);
            ReaderCritic critic = (ReaderCritic) networks.critic().orElseThrow();
            Collector collector = new Collector(settings, networks, environment);
            critic.warmUp(collector, 1, done -> {});
            Rollouts rollouts = collector.generate(1, collector.prompts(0, 1), 1);
            int[] whole = rollouts.codes(0)[0];
            int step = whole.length / 2;
            int[] other = whole.clone();
            for (int t = step; t < other.length - 1; t++) {
                other[t] = t % 3 == 0 ? whole[1] : whole[t - 1];
            }
            double[] values = values(critic, networks, rollouts, whole, rewards);
            double[] changed = values(critic, networks, rollouts, other, rewards);
            double[] shorter = values(critic, networks, rollouts, Arrays.copyOf(whole, step + 1), rewards);
            assertTrue(Arrays.stream(values).distinct().count() > step, "values must differ from step to step");
            for (int t = 0; t <= step; t++) {
                assertEquals(values[t], changed[t], 1e-5, "step " + t);
                assertEquals(values[t], shorter[t], 1e-5, "step " + t + " of a shorter piece");
            }
            assertNotEquals(values[step + 1], changed[step + 1], 1e-5, "the action of a step counts after it");
        }
    }

    private static double[] values(
            ReaderCritic critic, Networks networks, Rollouts like, int[] codes, Mixture rewards) {
        Rollouts rollouts = new Rollouts(
                List.of(like.prompt(0)),
                List.of(new Completion(new int[][] {codes}, new double[codes.length])),
                new int[] {0});
        return critic.values(rollouts, networks.batcher().cut(rollouts.sequences(), 1), rewards)[0];
    }
}
