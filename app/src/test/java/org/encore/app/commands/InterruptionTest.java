package org.encore.app.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.encore.app.Invocation;
import org.encore.base.files.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a training again and again, wherever it hurts most, and lets it end. */
class InterruptionTest {
    private static final int STEPS = 24;

    @TempDir
    private Path directory;

    /** When to kill, seen from outside. */
    @FunctionalInterface
    private interface Moment {
        boolean hasCome(Path run) throws IOException;
    }

    @Test
    void aRunThatIsKilledAndResumedEndsLikeOneThatWasLeftAlone() throws IOException, InterruptedException {
        Path config = TinyWorld.training(directory, TinyWorld.base(), STEPS);
        Path whole = directory.resolve("whole");
        Invocation left = Invocation.here("train", config.toString(), "--run-dir", whole.toString());
        assertEquals(0, left.status(), left.err());

        Path run = directory.resolve("killed");
        kill(run, each -> Files.exists(each.resolve("config.yaml")), config, "--run-dir", run.toString());
        kill(run, each -> lastStep(each) >= 2, config, "--resume", run.toString());
        boolean hit = isKilledWhileWritingACheckpoint(run, config);
        kill(run, each -> lastStep(each) >= 10, config, "--resume", run.toString());
        hit |= isKilledWhileWritingACheckpoint(run, config);
        // Rarely the checkpoint is finished before the signal arrives: there are two more to try.
        hit = hit || isKilledWhileWritingACheckpoint(run, config) || isKilledWhileWritingACheckpoint(run, config);
        kill(run, each -> Files.exists(each.resolve("checkpoints/step-" + STEPS)), config, "--resume", run.toString());
        assertFalse(Files.exists(run.resolve("summary.json")), "it was killed before its end");
        assertTrue(hit, "no kill hit a checkpoint that was being written");

        Invocation last =
                Invocation.inChild(directory, "train", config.toString(), "--resume", run.toString(), "--json");
        assertEquals(0, last.status(), last.err());
        assertEquals(1, last.out().lines().count(), last.out());
        assertEquals(
                STEPS,
                new ObjectMapper().readTree(last.out()).path("iterations").asInt());
        assertSame(whole, run);
        // At least the three last starts find a finished checkpoint.
        assertTrue(countOf(run.resolve("run.log"), "resumes from ") >= 3);
        assertEquals(0, countOf(run.resolve("run.log"), "stopped"), "nothing went wrong on the way");
    }

    private static void assertSame(Path whole, Path run) throws IOException {
        assertEquals(
                STEPS / 4,
                digests(whole.resolve("checkpoints"), "manifest.json").size());
        for (String part : List.of("checkpoints", "samples")) {
            Map<String, String> expected = digests(whole.resolve(part), "");
            Map<String, String> actual = digests(run.resolve(part), "");
            // Checkpoints that were being written lie beside the others, under names of their own.
            actual.keySet().removeIf(name -> name.startsWith("."));
            assertEquals(expected, actual);
            assertTrue(expected.size() > 5, expected::toString);
        }
        assertEquals(timeless(whole), timeless(run));
        assertEquals(STEPS, timeless(run).size());
        assertEquals(
                Files.readAllLines(whole.resolve("samples.jsonl")), Files.readAllLines(run.resolve("samples.jsonl")));
        assertEquals(json(whole, "evaluation-before.json"), json(run, "evaluation-before.json"));
        assertEquals(
                json(whole, "summary.json").path("evaluation"),
                json(run, "summary.json").path("evaluation"));
        assertEquals(
                json(whole, "provenance.json").path("config_sha256"),
                json(run, "provenance.json").path("config_sha256"));
        assertTrue(Files.size(run.resolve("report.html")) > 1000);
    }

    /** Kills when an unfinished checkpoint appears; true if it was left behind. */
    private boolean isKilledWhileWritingACheckpoint(Path run, Path config) throws IOException, InterruptedException {
        Set<String> before = unfinished(run);
        kill(run, each -> !before.containsAll(unfinished(each)), config, "--resume", run.toString());
        return !before.containsAll(unfinished(run));
    }

    private void kill(Path run, Moment moment, Path config, String... place) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("train", config.toString()));
        arguments.addAll(List.of(place));
        Process child = Invocation.start(directory, arguments.toArray(String[]::new));
        while (!moment.hasCome(run)) {
            boolean ended = child.waitFor(1, TimeUnit.MILLISECONDS);
            assertFalse(ended, () -> "the run ended before it could be killed: " + arguments + errorOf(child));
        }
        child.destroyForcibly();
        assertTrue(child.waitFor(30, TimeUnit.SECONDS), "a killed process must end");
        assertNotEquals(0, child.exitValue());
        assertEquals("", Invocation.ended(child, directory).out());
    }

    private String errorOf(Process child) {
        try {
            return " " + Invocation.ended(child, directory).err();
        } catch (IOException e) {
            return " " + e;
        }
    }

    private static Set<String> unfinished(Path run) throws IOException {
        Set<String> names = new TreeSet<>();
        Path checkpoints = run.resolve("checkpoints");
        if (Files.isDirectory(checkpoints)) {
            try (Stream<Path> entries = Files.list(checkpoints)) {
                entries.map(entry -> entry.getFileName().toString())
                        .filter(name -> name.startsWith(".step-"))
                        .forEach(names::add);
            }
        }
        return names;
    }

    /** The last step in the log, half-written lines left out. */
    private static int lastStep(Path run) throws IOException {
        try {
            String text = Files.readString(run.resolve("metrics.jsonl"));
            int end = text.lastIndexOf('\n');
            int start = text.lastIndexOf('\n', end - 1) + 1;
            return end < 0
                    ? 0
                    : new ObjectMapper()
                            .readTree(text.substring(start, end))
                            .path("step")
                            .asInt();
        } catch (NoSuchFileException notYet) {
            return 0;
        }
    }

    private static List<JsonNode> timeless(Path run) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
            ObjectNode metrics = (ObjectNode) new ObjectMapper().readTree(line);
            List<String> timed = new ArrayList<>();
            metrics.fieldNames().forEachRemaining(name -> {
                if (name.startsWith("timing_s/") || name.startsWith("perf/")) {
                    timed.add(name);
                }
            });
            assertFalse(timed.isEmpty());
            lines.add(metrics.remove(timed));
        }
        return lines;
    }

    private static JsonNode json(Path run, String name) throws IOException {
        return new ObjectMapper().readTree(run.resolve(name).toFile());
    }

    private static long countOf(Path file, String word) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.contains(word))
                .count();
    }

    /** The SHA-256 of every file below a directory whose name ends so, by its relative path. */
    private static Map<String, String> digests(Path directory, String ending) throws IOException {
        Map<String, String> digests = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (file.toString().endsWith(ending)) {
                    digests.put(directory.relativize(file).toString(), Manifest.sha256(file));
                }
            }
        }
        return digests;
    }
}
