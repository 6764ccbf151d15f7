package org.encore.trainer.finetuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CountDownLatch;
import org.encore.rewards.RewardFailure;
import org.encore.rewards.RewardModel;
import org.encore.rewards.RewardProvider;
import org.encore.rewards.Sample;
import org.encore.rewards.Score;
import org.encore.rewards.mixture.Mixture.OnFailure;
import org.encore.rewards.mixture.Normaliser.Bounds;
import org.encore.rewards.mixture.Normaliser.Running;
import org.encore.rewards.mixture.WeightSchedule.Constant;
import org.encore.rewards.specs.Java;
import org.encore.rewards.specs.MixtureSpec.RewardEntry;
import org.encore.rewards.specs.RuleReward.Consonance;
import org.encore.run.Progress;
import org.encore.trainer.RunFiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A reward fails in the middle of a run, is mended, and the run ends as if nothing had happened. */
class FailingRewardTest {
    private static final int STEPS = 4;
    private static final int FAILS_AFTER = 1;

    /** Long against a call, short against a test. */
    private static final double SECONDS = 3.0;

    private static final CountDownLatch NEVER = new CountDownLatch(1);

    @TempDir
    private static Path directory;

    private static Path whole;

    @BeforeAll
    static void once() throws IOException {
        whole = directory.resolve("whole");
        Rehearsal.whole(plan(OnFailure.STOP), whole);
    }

    /** Makes rewards that break their contract as soon as the file in their option {@code trouble} says how. */
    public static final class Unreliable implements RewardProvider {
        @Override
        public String name() {
            return "unreliable";
        }

        @Override
        public RewardModel reward(String id, SortedMap<String, String> options) {
            return new Counting(id, Path.of(options.get("trouble")));
        }
    }

    private record Counting(String id, Path trouble) implements RewardModel {
        @Override
        public List<Score> score(List<Sample> batch) {
            List<Score> scores = new ArrayList<>();
            for (Sample sample : batch) {
                scores.add(Score.of(sample.clip().piece().orElseThrow().notes().size(), "notes"));
            }
            return switch (kind()) {
                case "" -> scores;
                case "nan" -> {
                    scores.set(1, Score.of(Double.NaN, "nothing"));
                    yield scores;
                }
                case "count" -> scores.subList(0, 3);
                case "hang" -> {
                    awaitNothing();
                    yield scores;
                }
                default -> throw new AssertionError(kind());
            };
        }

        private String kind() {
            try {
                return Files.exists(trouble) ? Files.readString(trouble) : "";
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void awaitNothing() {
            try {
                NEVER.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @AfterEach
    void fix() throws IOException {
        Files.deleteIfExists(trouble());
    }

    private static Path trouble() {
        return directory.resolve("trouble");
    }

    private static Plan plan(OnFailure onFailure) {
        RewardEntry unreliable = new RewardEntry(
                "notes",
                1.0,
                new Constant(),
                new Running(),
                Bounds.defaults(),
                new Java("unreliable", Map.of("trouble", trouble().toString()), SECONDS));
        return new Plan()
                .steps(STEPS)
                .rewards(unreliable, RewardEntry.defaults(Consonance.defaults()))
                .onFailure(onFailure)
                .checkpointEvery(2);
    }

    /** Begins trouble when a step is done. */
    private static Progress troubleAfter(long step, String kind) {
        return (task, done, total, summary) -> {
            try {
                if (task.equals("training") && done == step) {
                    Files.writeString(trouble(), kind);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    @ParameterizedTest
    @CsvSource({
        "nan, 'returned NaN for sample 1, but must be finite or abstain'",
        "hang, returned nothing for 4 samples within 3.0 s"
    })
    void nothingIsLostAndAMendedRewardGoesOn(String kind, String problem) throws IOException {
        Path run = directory.resolve(kind);
        Progress trouble = troubleAfter(FAILS_AFTER, kind);
        RewardFailure failure =
                assertThrows(RewardFailure.class, () -> Rehearsal.watched(trouble, plan(OnFailure.STOP), run));
        assertEquals("reward notes " + problem, failure.getMessage());
        assertEquals(FAILS_AFTER, RunFiles.metrics(run).size());
        assertTrue(Files.isDirectory(run.resolve("checkpoints/step-" + FAILS_AFTER)), "what was learned is saved");

        fix();
        assertEquals(STEPS, Rehearsal.resumed(plan(OnFailure.STOP), run).iterations());
        Map<String, String> expected = RunFiles.digests(whole.resolve("checkpoints/step-" + STEPS));
        assertTrue(expected.containsKey("model.safetensors"), expected::toString);
        assertEquals(expected, RunFiles.digests(run.resolve("checkpoints/step-" + STEPS)));
        assertEquals(RunFiles.timelessMetrics(whole), RunFiles.timelessMetrics(run));
    }

    @Test
    void whereFailuresAreSkippedTheRunGoesOnWithTheOthers() throws IOException {
        Path run = directory.resolve("skipping");
        FineTuning.Result result = Rehearsal.watched(troubleAfter(FAILS_AFTER, "count"), plan(OnFailure.SKIP), run);
        assertEquals(STEPS, result.iterations());
        List<Map<String, Object>> lines = RunFiles.metrics(run);
        assertEquals(STEPS, lines.size());
        for (int i = 0; i < STEPS; i++) {
            boolean failed = i >= FAILS_AFTER;
            assertEquals(failed ? 1.0 : 0.0, lines.get(i).get("rewards/notes/failures"));
            assertEquals(failed ? 1.0 : 0.0, lines.get(i).get("rewards/notes/abstained"));
            assertEquals(0.0, lines.get(i).get("rewards/consonance/failures"));
        }
        // Nothing can be said about the reward at the end: its file is still there.
        assertTrue(result.before().containsKey("notes"));
        assertFalse(result.after().containsKey("notes"));
    }
}
