package org.encore.app.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.encore.app.Invocation;
import org.encore.app.runs.PreflightRun;
import org.encore.app.terminal.ExitStatus.CommandFailedException;
import org.encore.base.files.AtomicFiles;
import org.encore.trainer.finetuning.Preflight.Finding;
import org.encore.trainer.finetuning.Preflight.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Contests, studies and the checks before a run, as commands. */
class StudyCommandTest {
    @TempDir
    private Path directory;

    private static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }

    private Path contest() throws IOException {
        return Files.writeString(
                directory.resolve("contest.yaml"),
                """
                corpus: {kind: midi-folder, folder: MIDI, seed: 1, maxSeconds: 20.0, heldOutPerCent: 30}
                prompts: 2
                rewards: [{kind: consonance}, {kind: note-density}]
                trainingPieces: 2
                players: 1
                maxFrames: 48
                """
                        .replace("MIDI", TinyWorld.midi().toString()));
    }

    private Path study() throws IOException {
        TinyWorld.training(directory, TinyWorld.base(), 2);
        return Files.writeString(
                directory.resolve("study.yaml"),
                """
                base: BASE
                seeds: [5, 6]
                recipes:
                  - {name: first, config: train.yaml}
                  - {name: second, config: train.yaml, from: first, set: [iterations=1]}
                  - {name: best, config: train.yaml, bestOf: 2}
                set: [evaluation.every=1, selection.prompts=2, selection.metric=consonance, selection.maxKl=100,
                      "rewards=[{kind: length}]"]
                judging:
                """
                                .replace("BASE", TinyWorld.base().toString())
                        + Files.readString(contest()).indent(2));
    }

    @Test
    void aStudyGoesOnWhereItStoppedAndEndsTheSame() throws IOException {
        Path out = directory.resolve("out");
        Invocation first = Invocation.here("study", study().toString(), "--out", out.toString(), "--json");
        assertEquals(0, first.status(), first.err());
        JsonNode results = json(out.resolve("study.json"));
        assertEquals(List.of("base", "first", "second", "best"), names(results.path("pooled")));
        for (JsonNode pair : results.path("pooled").path("pairs")) {
            int each = pair.path("win").asInt()
                    + pair.path("tie").asInt()
                    + pair.path("loss").asInt();
            assertEquals(each, pair.path("judgements").asInt());
            assertEquals(2 * 2 * 3, each, pair::toString);
            assertTrue(pair.has("p_value"), pair::toString);
        }
        assertEquals(6, results.path("by_seed").path("5").path("pairs").size());
        // The second recipe started from what was chosen of the first, of the same seed.
        String config = Files.readString(out.resolve("seed-6/second/config.yaml"));
        assertTrue(
                config.contains(out.resolve("seed-6/first/checkpoints/chosen").toString()), config);
        assertTrue(config.contains("seed: 6"), config);
        String page = Files.readString(out.resolve("study.html"));
        assertTrue(page.contains("Seed by seed") && page.contains("against KL"), "the page lacks a part");

        // A training that was cut, and a contest that was not held: both are made again, and the rest stays.
        String before = Files.readString(out.resolve("study.json"));
        Path kept = out.resolve("seed-5/first/summary.json");
        long time = Files.getLastModifiedTime(kept).toMillis();
        Files.delete(out.resolve("seed-6/second/summary.json"));
        AtomicFiles.deleteRecursively(out.resolve("seed-6/contest"));
        Invocation again = Invocation.here("study", study().toString(), "--out", out.toString());
        assertEquals(0, again.status(), again.err());
        assertTrue(again.err().contains("second, seed 6: 1 iterations of 4 samples, resumed"), again.err());
        assertEquals(time, Files.getLastModifiedTime(kept).toMillis());
        assertEquals(timeless(before), timeless(Files.readString(out.resolve("study.json"))));

        Invocation other = Invocation.here("study", study().toString(), "--out", out.toString(), "--set", "seeds=[5]");
        assertEquals(2, other.status());
        assertTrue(other.err().contains("another study"), other.err());
    }

    private static List<String> names(JsonNode matrix) {
        return new ObjectMapper().convertValue(matrix.path("models"), new TypeReference<List<String>>() {});
    }

    private static String timeless(String results) {
        return results.replaceAll("\"seconds\" : [\\d.E-]+", "");
    }

    @Test
    void aStudyWithoutSenseIsRefused() throws IOException {
        Path study = study();
        for (String wrong : List.of(
                "recipes=[{name: ru, config: train.yaml, from: r}]",
                "recipes=[{name: a, config: train.yaml}, {name: a, config: train.yaml}]",
                "recipes=[{name: base, config: train.yaml}]",
                "recipes=[{name: a, config: nowhere.yaml}]",
                "recipes=[{name: a, config: train.yaml, from: b, bestOf: 3}]",
                "seeds=[1, 1]",
                "base=nowhere")) {
            Path out = directory.resolve("wrong");
            Invocation made = Invocation.here("study", study.toString(), "--out", out.toString(), "--set", wrong);
            assertEquals(2, made.status(), wrong + ": " + made.err());
            assertEquals(
                    1,
                    made.err()
                            .lines()
                            .filter(line -> line.startsWith("encore:"))
                            .count(),
                    made.err());
            AtomicFiles.deleteRecursively(out);
        }
    }

    @Test
    void aContestAndTheTableOfItsVotesAgree() throws IOException {
        Path out = directory.resolve("contest");
        Invocation made = Invocation.here(
                "evaluate",
                "one=" + TinyWorld.base(),
                "other=" + TinyWorld.base(),
                "--config",
                contest().toString(),
                "--out",
                out.toString());
        assertEquals(0, made.status(), made.err());
        JsonNode metrics = json(out.resolve("metrics.json"));
        for (String metric : List.of("consonance", "note-density", "kl", "distinct_4", "nearest_training_piece")) {
            assertTrue(metrics.path("one").has(metric), metric);
            // The same model answers the same prompts from the same streams.
            assertEquals(
                    metrics.path("one").path(metric).path("value"),
                    metrics.path("other").path(metric).path("value"));
        }
        assertEquals(0.0, metrics.path("other").path("kl").path("value").asDouble(), 1e-9);
        assertTrue(Files.isRegularFile(out.resolve("clips/one/samples/step-0/000.wav")));

        Path table = directory.resolve("table");
        Invocation again = Invocation.here(
                "evaluate", "--votes", out.resolve("votes.jsonl").toString(), "--out", table.toString());
        assertEquals(0, again.status(), again.err());
        assertEquals(json(out.resolve("matrix.json")), json(table.resolve("matrix.json")));

        for (String[] wrong : new String[][] {
            {"evaluate", "--out", out.toString()},
            {"evaluate", "nowhere", "--out", out.toString()},
            {"evaluate", "a b=" + TinyWorld.base(), "--out", out.toString()},
            {"evaluate", "x", "--votes", "y", "--out", out.toString()},
        }) {
            assertEquals(2, Invocation.here(wrong).status(), String.join(" ", wrong));
        }
    }

    @Test
    void runsAreCheckedAndAFailedCheckStopsThem() throws IOException {
        Path config = TinyWorld.training(directory, TinyWorld.base(), 1);
        Path run = directory.resolve("run");
        Invocation passed = Invocation.asTyped(
                "train", config.toString(), "--run-dir", run.toString(), "--set", "rewards=[{kind: consonance}]");
        assertEquals(0, passed.status(), passed.err());
        assertTrue(passed.err().contains("checks in") && passed.err().contains("none failed"), passed.err());
        Invocation alone = Invocation.here("preflight", config.toString(), "--json");
        assertEquals(0, alone.status(), alone.err());
        JsonNode checks = new ObjectMapper().readTree(alone.out()).path("checks");
        assertEquals(8, checks.size(), checks::toString);
        assertFalse(alone.out().contains("failed"), alone.out());
        List<Finding> findings = List.of(
                new Finding("one", Verdict.UNCLEAR, "nothing", 0.1),
                new Finding("two", Verdict.FAILED, "too much", 0.2));
        CommandFailedException stopped = assertThrows(
                CommandFailedException.class, () -> PreflightRun.requirePassed(findings, "--no-preflight starts it"));
        assertEquals("preflight failed: two: too much; --no-preflight starts it", stopped.getMessage());
    }
}
