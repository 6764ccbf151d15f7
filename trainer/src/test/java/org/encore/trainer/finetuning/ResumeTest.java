package org.encore.trainer.finetuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.encore.rewards.mixture.Normaliser.Bounds;
import org.encore.rewards.mixture.Normaliser.Running;
import org.encore.rewards.mixture.WeightSchedule.Linear;
import org.encore.rewards.specs.MixtureSpec.RewardEntry;
import org.encore.rewards.specs.RuleReward.Consonance;
import org.encore.rewards.specs.RuleReward.NoteDensity;
import org.encore.trainer.RunFiles;
import org.encore.trainer.advantages.AdvantageEstimator.Gae;
import org.encore.trainer.advantages.AdvantageScale;
import org.encore.trainer.finetuning.ProfileWatch.Profiling;
import org.encore.trainer.kl.KlController.AdaptiveCoefficient;
import org.encore.trainer.kl.KlPenalty.SampledInReward;
import org.encore.trainer.objective.PolicyObjective.ClippedSurrogate;
import org.encore.trainer.objective.ValueObjective.ClippedSquaredError;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An interrupted run that is resumed is bit-identical to an uninterrupted one. */
class ResumeTest {
    private static final int STEPS = 6;

    @TempDir
    private static Path world;

    private static Path whole;

    @TempDir
    private Path run;

    /** Everything that has a state: adaptive coefficient, running normaliser, schedules, shuffled minibatches. */
    private static Plan plan() {
        return new Plan()
                .steps(STEPS)
                .rewards(
                        new RewardEntry(
                                "density",
                                1.0,
                                new Linear(1.0, 0.5, 0, 4),
                                new Running(),
                                new Bounds(-3, 3),
                                new NoteDensity(4.0)),
                        RewardEntry.defaults(Consonance.defaults()))
                .advantages(new Gae(1.0, 0.95), AdvantageScale.WHITENED)
                .kl(SampledInReward.defaults(), new AdaptiveCoefficient(0.05, 0.01, 50, 0.5))
                .policy(new ClippedSurrogate(0.2), 5e-3)
                .passes(2, 2)
                .value(new ClippedSquaredError(0.2), 5e-3, 1)
                .profile(new Profiling(3, 3, 6, 8, 0.0))
                .checkpointEvery(2);
    }

    @BeforeAll
    static void once() throws IOException {
        whole = world.resolve("run");
        Rehearsal.whole(plan(), whole);
    }

    private static void assertEndsLikeTheWholeRun(Path run) throws IOException {
        for (int step = 2; step <= STEPS; step += 2) {
            Map<String, String> expected = RunFiles.digests(whole.resolve("checkpoints/step-" + step));
            assertTrue(expected.containsKey("optimizer/first_moment.safetensors"), expected::toString);
            assertTrue(expected.containsKey("value/optimizer/second_moment.safetensors"), expected::toString);
            assertTrue(expected.containsKey("trainer_state.json"), expected::toString);
            assertEquals(expected, RunFiles.digests(run.resolve("checkpoints/step-" + step)), "step " + step);
        }
        assertEquals(RunFiles.timelessMetrics(whole), RunFiles.timelessMetrics(run));
        assertEquals(STEPS, RunFiles.metrics(run).size());
    }

    @Test
    void theStateIsWorthRestoring() throws IOException {
        JsonNode state = new ObjectMapper()
                .readTree(whole.resolve("checkpoints/step-4/trainer_state.json").toFile());
        assertNotEquals(0.05, state.path("kl_coefficient").asDouble(), 1e-6);
        assertEquals(16, state.path("episodes").asLong());
        assertEquals(4, state.path("step").asLong());
        assertEquals(
                16,
                state.path("rewards")
                        .path("moments")
                        .path("density")
                        .path("count")
                        .asLong());
        // Three learning iterations of four updates, because the first was for the value network alone.
        assertEquals(12, state.path("updates").asLong());
        assertEquals(16, state.path("value").path("updates").asLong());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 6})
    void resumedIsUninterrupted(long interruptedAfter) throws IOException {
        Rehearsal.interrupted(interruptedAfter, plan(), run);
        assertEquals(interruptedAfter, RunFiles.metrics(run).size());
        FineTuning.Result result = Rehearsal.resumed(plan(), run);
        assertEquals(STEPS, result.iterations());
        assertEndsLikeTheWholeRun(run);
    }

    @Test
    void resumingTwiceOrAtTheEndChangesNothing() throws IOException {
        Rehearsal.interrupted(3, plan(), run);
        Rehearsal.resumed(plan(), run);
        FineTuning.Result again = Rehearsal.resumed(plan(), run);
        assertEndsLikeTheWholeRun(run);
        assertEquals(run.resolve("checkpoints/step-" + STEPS), again.checkpoint());
        assertTrue(again.klPerCode() > 0.0);
    }

    @Test
    void leftoversOfAnInterruptedCheckpointAreNotTakenForOne() throws IOException {
        Rehearsal.interrupted(3, plan(), run);
        Path checkpoints = run.resolve("checkpoints");
        Path unfinished = Files.createDirectories(checkpoints.resolve(".step-4.tmp1234"));
        Files.writeString(unfinished.resolve("model.safetensors"), "cut o");
        Files.createDirectories(checkpoints.resolve(".step-2.old5678"));
        Files.createDirectories(checkpoints.resolve("step-9.tmp"));
        Files.writeString(checkpoints.resolve("step-8"), "not a directory");
        Files.writeString(run.resolve(".metrics.jsonl99.tmp"), "{\"step\":1");
        Files.writeString(
                run.resolve("metrics.jsonl"), Files.readString(run.resolve("metrics.jsonl")) + "{\"step\":4,\"lr\"");
        Rehearsal.resumed(plan(), run);
        assertEndsLikeTheWholeRun(run);
    }

    @Test
    void whatWasMeasuredBeforeIsNotMeasuredAgain() throws IOException {
        Rehearsal.interrupted(3, plan(), run);
        Path file = run.resolve("evaluation-before.json");
        ObjectMapper json = new ObjectMapper();
        ObjectNode measured = (ObjectNode) json.readTree(file.toFile());
        measured.set("bySample", json.readTree("{\"density\": [0.125]}"));
        measured.putObject("ofAll");
        json.writeValue(file.toFile(), measured);
        assertEquals(Map.of("density", 0.125), Rehearsal.resumed(plan(), run).before());
    }
}
