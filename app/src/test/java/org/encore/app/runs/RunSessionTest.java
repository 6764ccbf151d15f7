package org.encore.app.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.encore.app.config.ConfigReader;
import org.encore.app.terminal.ExitStatus.CommandFailedException;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.InvalidFileException;
import org.encore.model.learning.DivergedException;
import org.encore.trainer.pretraining.PretrainSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunSessionTest {
    private static final PretrainSettings SETTINGS = PretrainSettings.defaults();

    @TempDir
    private Path directory;

    private Path run() {
        return directory.resolve("run");
    }

    private RunSession fresh() throws IOException {
        return RunSession.open(
                new RunSession.Place(Optional.of(run()), Optional.empty(), "x", "./encore x", run -> "./encore x"),
                SETTINGS);
    }

    private RunSession resumed(Record settings) throws IOException {
        return RunSession.open(
                new RunSession.Place(Optional.empty(), Optional.of(run()), "x", "./encore x", run -> "./encore x"),
                settings);
    }

    private static PretrainSettings withSeed(long seed) {
        PretrainSettings s = SETTINGS;
        return new PretrainSettings(seed, s.corpus(), s.model(), s.training(), s.evaluation(), s.compute());
    }

    @Test
    void theConfigurationIsWrittenFirstAndReadsBack() throws IOException {
        try (RunSession session = fresh()) {
            Path config = session.directory().config();
            assertEquals(SETTINGS, new ConfigReader().read(config, List.of(), PretrainSettings.class));
            assertTrue(session.context().resumeFrom().isEmpty());
        }
    }

    @Test
    void theLastCheckpointIsGoneOnFrom() throws IOException {
        fresh().close();
        for (String name : List.of("step-2", "step-10", ".step-12.tmp7", ".step-2.old33", ".mine")) {
            Files.createDirectories(run().resolve("checkpoints").resolve(name));
        }
        Files.writeString(run().resolve("checkpoints/.step-12.tmp7/model.safetensors"), "cut o");
        try (RunSession session = resumed(SETTINGS)) {
            assertEquals(
                    Optional.of(run().resolve("checkpoints/step-10")),
                    session.context().resumeFrom());
        }
        // What a kill left of checkpoints that were being written is gone; nothing else is.
        try (Stream<Path> left = Files.list(run().resolve("checkpoints"))) {
            assertEquals(
                    List.of(".mine", "step-10", "step-2"),
                    left.map(path -> path.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void anotherConfigurationIsRefused() throws IOException {
        fresh().close();
        InvalidFileException refused = assertThrows(InvalidFileException.class, () -> resumed(withSeed(2)));
        assertTrue(refused.getMessage().startsWith(run().resolve("config.yaml") + ": the run has another"));
        assertTrue(refused.getMessage().contains("seed was 1 and is 2"), refused.getMessage());
        assertTrue(assertThrows(IllegalArgumentException.class, this::fresh)
                .getMessage()
                .startsWith(run() + " exists"));
    }

    private static PretrainSettings withSteps(int steps) {
        return new ConfigReader()
                .read(
                        Path.of("..", "configs", "pretrain-small.yaml"),
                        List.of("training.steps=" + steps),
                        PretrainSettings.class);
    }

    @Test
    void aRunMayBecomeLongerAndNotShorterThanItIs() throws IOException {
        RunSession.Place place =
                new RunSession.Place(Optional.of(run()), Optional.empty(), "x", "./encore x", run -> "./encore x");
        RunSession.open(place, withSteps(10)).close();
        Files.createDirectories(run().resolve("checkpoints/step-10"));
        resumed(withSteps(25)).close();
        Path config = run().resolve("config.yaml");
        assertEquals(withSteps(25), new ConfigReader().read(config, List.of(), PretrainSettings.class));
        InvalidFileException refused = assertThrows(InvalidFileException.class, () -> resumed(withSteps(9)));
        assertTrue(refused.getMessage().contains("training.steps is 9, but the run has done 10"), refused.getMessage());
    }

    /** Keys that did not exist when a run began have their defaults; keys that are gone are named. */
    @Test
    void aRunOfAnEarlierVersionGoesOn() throws IOException {
        fresh().close();
        Path config = run().resolve("config.yaml");
        String text = Files.readString(config);
        Files.writeString(config, text.replaceAll("(?m)^ *patience: .*\\R", ""));
        resumed(SETTINGS).close();
        Files.writeString(config, text + "gone: 1\n");
        InvalidFileException refused = assertThrows(InvalidFileException.class, () -> resumed(SETTINGS));
        assertTrue(refused.getMessage().contains("other keys"), refused.getMessage());
        assertTrue(refused.getMessage().contains("gone"), refused.getMessage());
    }

    /** A run that was killed before it recorded its provenance records it when it is resumed. */
    @Test
    void provenanceIsRecordedOnce() throws IOException {
        fresh().close();
        assertFalse(Files.exists(run().resolve("provenance.json")));
        try (RunSession session = resumed(SETTINGS)) {
            session.recordProvenance(SETTINGS, Map.of("corpus", "c"), 1, "first");
        }
        try (RunSession session = resumed(SETTINGS)) {
            session.recordProvenance(SETTINGS, Map.of("corpus", "c"), 1, "second");
        }
        JsonNode provenance =
                new ObjectMapper().readTree(run().resolve("provenance.json").toFile());
        assertEquals("first", provenance.path("backend").asText());
        assertEquals("c", provenance.path("data_sha256").path("corpus").asText());
    }

    @Test
    void theLogTellsHowARunBeganAndEnded() throws IOException {
        try (RunSession session = fresh()) {
            IllegalStateException thrown = assertThrows(
                    IllegalStateException.class,
                    () -> session.run(s -> {
                        throw new IllegalStateException("out of luck");
                    }));
            assertEquals("out of luck", thrown.getMessage());
        }
        Files.createDirectories(run().resolve("checkpoints/step-3"));
        try (RunSession session = resumed(SETTINGS)) {
            session.run(s -> {});
        }
        String log = Files.readString(run().resolve("run.log"));
        int begun = log.indexOf(": starts\n");
        int stopped = log.indexOf(": stopped\n");
        int trace = log.indexOf("IllegalStateException: out of luck\n\tat ");
        int resumed = log.indexOf(": resumes from " + run().resolve("checkpoints/step-3") + "\n");
        int done = log.indexOf(": done\n");
        assertTrue(0 <= begun && begun < stopped && stopped < trace && trace < resumed && resumed < done, log);
    }

    /** The corrected command can name the same directory; what has a result, or broke down by itself, stays. */
    @Test
    void whatWasRefusedBeforeItBeganLeavesNoDirectory() throws IOException {
        RuntimeException refusal = new IllegalArgumentException("batch is 0");
        end(refusal, s -> {});
        assertFalse(Files.exists(run()));
        end(new IllegalStateException("out of luck"), s -> {});
        assertTrue(Files.exists(run().resolve("run.log")));
        AtomicFiles.deleteRecursively(run());
        end(refusal, s -> Files.writeString(run().resolve("metrics.jsonl"), "{}"));
        assertTrue(Files.exists(run().resolve("metrics.jsonl")));
    }

    /** A new run that does some work and fails. */
    private void end(RuntimeException thrown, RunSession.Work work) throws IOException {
        try (RunSession session = fresh()) {
            assertThrows(
                    thrown.getClass(),
                    () -> session.run(s -> {
                        work.run(s);
                        throw thrown;
                    }));
        }
    }

    @Test
    void aDivergenceFailsTheCommand() throws IOException {
        try (RunSession session = fresh()) {
            CommandFailedException failed = assertThrows(
                    CommandFailedException.class,
                    () -> session.run(s -> {
                        throw new DivergedException("the loss is NaN");
                    }));
            assertEquals("the loss is NaN", failed.getMessage());
        }
    }

    @Test
    void theSummaryIsWrittenWithTheReport() throws IOException {
        try (RunSession session = fresh()) {
            session.finish(Map.of("steps", 4));
            assertTrue(session.seconds() >= 0.0);
        }
        JsonNode summary =
                new ObjectMapper().readTree(run().resolve("summary.json").toFile());
        assertEquals(4, summary.path("steps").asInt());
        assertTrue(Files.readString(run().resolve("report.html")).contains("<html"));
    }

    @Test
    void whatIsNotHereIsLookedForAtHome() {
        assertEquals(Path.of("pom.xml"), Machine.locate(Path.of("pom.xml")));
        assertEquals(Path.of("no/such/file"), Machine.locate(Path.of("no/such/file")));
        assertEquals(directory, Machine.locate(directory));
    }
}
