package org.encore.app.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.encore.app.Invocation;
import org.encore.app.report.RunReport;
import org.encore.run.RunDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForensicsCommandTest {
    private static final int STEPS = 20;
    private static final int SAMPLES = 8;

    @TempDir
    private Path directory;

    /** A run whose reward is its notes a second, which rise, and nothing else. */
    private Path run() throws IOException {
        Path run = Files.createDirectories(directory.resolve("run"));
        Files.writeString(run.resolve("config.yaml"), "seed: 1\n");
        Files.writeString(run.resolve("samples.jsonl"), lines(STEPS, 0.1) + "{\"step\":21,\"samp");
        return run;
    }

    private static String lines(int steps, double rise) {
        StringBuilder lines = new StringBuilder();
        for (int step = 1; step <= steps; step++) {
            for (int i = 0; i < SAMPLES; i++) {
                double density = rise * step + i % 5;
                lines.append(String.format(
                        Locale.ROOT,
                        "{\"step\":%d,\"sample\":%d,\"rewards\":{\"busy\":%.6f},\"confounders\":{\"notes_per_second\":%.6f,"
                                + "\"seconds\":%d},\"referee\":{\"consonance\":%.6f}}%n",
                        step,
                        i,
                        0.5 * density,
                        density,
                        (i * 7 + step) % 3,
                        1 - 0.01 * density));
            }
        }
        return lines.toString();
    }

    @Test
    void aRewardThatFollowsNotesASecondRaisesTheAlarm() throws IOException {
        Path run = run();
        Invocation told = Invocation.here("forensics", run.toString());
        assertEquals(0, told.status(), told.err());
        // The first and last two of 20 iterations: 18 steps of 0.1 apart, of which the reward gets half.
        assertTrue(
                told.out()
                        .contains("ALARM: reward busy: the change of notes_per_second explains 100 % [100, 100] of the"
                                + " gain of +0.9"),
                told.out());
        Invocation json = Invocation.here("forensics", run.toString(), run.toString(), "--json");
        assertEquals(1, json.out().lines().count());
        JsonNode runs = new ObjectMapper().readTree(json.out()).path("runs");
        assertEquals(2, runs.size());
        assertEquals(
                "[{\"confounder\":\"notes_per_second\",\"reward\":\"busy\"}]",
                new ObjectMapper()
                        .writer(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                        .writeValueAsString(
                                new ObjectMapper().convertValue(runs.get(0).path("alarms"), Object.class)));
        JsonNode reward = runs.get(0).path("rewards").get(0);
        assertEquals(0.9, reward.path("gain").path("value").asDouble(), 1e-6);
        assertEquals(160, reward.path("samples").asInt());
        assertEquals("consonance", reward.path("referee").get(0).path("metric").asText());
    }

    @Test
    void aTrainingSaysSoAtItsEnd() throws IOException {
        Path config = TinyWorld.training(directory, TinyWorld.base(), 10);
        Path run = directory.resolve("trained");
        Invocation trained = Invocation.here("train", config.toString(), "--run-dir", run.toString());
        assertEquals(0, trained.status(), trained.err());
        Files.writeString(run.resolve("samples.jsonl"), lines(10, 0.2));
        Invocation ended = Invocation.here("train", config.toString(), "--resume", run.toString());
        assertEquals(0, ended.status(), ended.err());
        String said = "reward busy: the change of notes_per_second explains 100 % [100, 100] of the gain of +0.9";
        assertTrue(ended.out().startsWith("ALARM: " + said), ended.out());
        assertTrue(Files.readString(run.resolve("summary.json")).contains(said));
    }

    @Test
    void theReportOfTheRunSaysSo() throws IOException {
        Path run = run();
        RunReport.write(new RunDirectory(run));
        String page = Files.readString(run.resolve("report.html"));
        assertTrue(page.contains("Reward forensics"));
        assertTrue(page.contains("the change of notes_per_second explains 100 %"));
        assertTrue(page.contains("listen to samples before you trust the gain"));
        Files.writeString(run.resolve("samples.jsonl"), "garbage\nmore\n");
        RunReport.write(new RunDirectory(run));
        assertTrue(Files.readString(run.resolve("report.html")).contains("line 1 does not describe a sample"));
    }

    @Test
    void whatCannotBeReadIsSaidInOneLine() throws IOException {
        Path run = run();
        Files.delete(run.resolve("samples.jsonl"));
        Invocation told = Invocation.here("forensics", run.toString());
        assertEquals(2, told.status());
        assertEquals(
                "encore: " + run.resolve("samples.jsonl")
                        + ": does not exist; only training by reinforcement writes it",
                told.err().strip());
    }
}
