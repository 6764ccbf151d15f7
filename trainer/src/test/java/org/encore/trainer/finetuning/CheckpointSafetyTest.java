package org.encore.trainer.finetuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.stream.Stream;
import org.encore.base.files.InvalidFileException;
import org.encore.base.files.Manifest;
import org.encore.base.files.Manifest.ManifestException;
import org.encore.run.Progress;
import org.encore.trainer.TinyWorld;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint that is not what was written, or does not belong to the run, is refused in one line. */
class CheckpointSafetyTest {
    private static final String WEIGHTS = "model.safetensors";

    @TempDir
    private Path directory;

    private Path base;
    private Path run;
    private Path checkpoint;

    private Plan plan() {
        return new Plan().from(base).steps(2).rollout(2, 1, 1.0).checkpointEvery(1);
    }

    @BeforeEach
    void interruptedRun() throws IOException {
        base = directory.resolve("base");
        copy(TinyWorld.base(), base);
        run = directory.resolve("run");
        Rehearsal.interrupted(2, plan(), run);
        checkpoint = run.resolve("checkpoints/step-1");
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Files.copy(path, to.resolve(from.relativize(path)));
            }
        }
    }

    private String refusal(Class<? extends Exception> type) {
        String message =
                assertThrows(type, () -> Rehearsal.resumed(plan(), run)).getMessage();
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    @Test
    void theSoundCheckpointIsTaken() throws IOException {
        assertEquals(2, Rehearsal.resumed(plan(), run).iterations());
    }

    @Test
    void oneFlippedBitIsFound() throws IOException {
        for (String name : new String[] {WEIGHTS, "value/optimizer/first_moment.safetensors"}) {
            Path file = checkpoint.resolve(name);
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 2] ^= 4;
            Files.write(file, bytes);
            assertEquals(
                    checkpoint + ": is corrupt: " + name + " has another SHA-256 than when it was written",
                    refusal(ManifestException.Corrupt.class));
            bytes[bytes.length / 2] ^= 4;
            Files.write(file, bytes);
        }
        theSoundCheckpointIsTaken();
    }

    @Test
    void missingAndCutFilesAreFound() throws IOException {
        Path state = checkpoint.resolve("trainer_state.json");
        byte[] bytes = Files.readAllBytes(state);
        Files.delete(state);
        assertEquals(
                checkpoint + ": is corrupt: trainer_state.json is missing", refusal(ManifestException.Corrupt.class));
        Files.write(state, Arrays.copyOf(bytes, 10));
        assertTrue(refusal(ManifestException.Corrupt.class).contains("trainer_state.json has 10 bytes, but had "));
        Files.delete(checkpoint.resolve("manifest.json"));
        assertTrue(refusal(ManifestException.Corrupt.class).contains("it holds no manifest.json"));
    }

    @Test
    void formatsOfAnotherTimeAreToldApart() throws IOException {
        Path manifest = checkpoint.resolve("manifest.json");
        String text = Files.readString(manifest);
        Files.writeString(manifest, text.replace("\"format\" : 1", "\"format\" : 99"));
        assertEquals(
                checkpoint + ": has format 99, but this Encore reads formats up to 1: use a newer one",
                refusal(ManifestException.TooNew.class));
        Files.writeString(manifest, text.replace("\"format\" : 1", "\"format\" : 0"));
        assertTrue(refusal(ManifestException.TooOld.class).contains("use the Encore that wrote it"));
    }

    @Test
    void aRunDoesNotGoOnFromAnotherBase() throws IOException {
        Path other = directory.resolve("other");
        Rehearsal.whole(plan().steps(1), other);
        Files.copy(
                other.resolve("checkpoints/step-1").resolve(WEIGHTS),
                base.resolve(WEIGHTS),
                StandardCopyOption.REPLACE_EXISTING);
        assertEquals(
                checkpoint.resolve("trainer_state.json") + ": the run started from other weights than " + base
                        + " has now; restore those, or start a new run",
                refusal(InvalidFileException.class));
    }

    /** What counts is what was loaded, not what lies there by the time of a checkpoint. */
    @Test
    void theReferenceIsNamedAsItWasLoaded() throws IOException {
        String loaded = Manifest.sha256(base.resolve(WEIGHTS));
        Path whole = directory.resolve("whole");
        Progress replacing = (task, done, total, summary) -> {
            try {
                Files.copy(checkpoint.resolve(WEIGHTS), base.resolve(WEIGHTS), StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
        Rehearsal.watched(replacing, plan(), whole);
        assertNotEquals(loaded, Manifest.sha256(base.resolve(WEIGHTS)));
        assertEquals(
                loaded,
                new ObjectMapper()
                        .readTree(whole.resolve("checkpoints/step-2/trainer_state.json")
                                .toFile())
                        .path("reference_sha256")
                        .asText());
    }

    /** Valid by its manifest, but nothing that fine-tuning wrote. */
    @Test
    void aCheckpointOfAnotherTrainerIsRefused() throws IOException {
        Path state = checkpoint.resolve("trainer_state.json");
        Files.copy(TinyWorld.base().resolve("trainer_state.json"), state, StandardCopyOption.REPLACE_EXISTING);
        Manifest.write(checkpoint);
        assertEquals(
                state + ": is the state of \"pretraining\", but \"fine-tuning\" is needed",
                refusal(InvalidFileException.class));
        Files.writeString(state, "{\"kind\": \"fine-tuning\"");
        Manifest.write(checkpoint);
        assertTrue(refusal(InvalidFileException.class).contains("is not valid JSON"));
    }

    @Test
    void aStateWithOtherValuesIsRefused() throws IOException {
        Path state = checkpoint.resolve("trainer_state.json");
        String text = Files.readString(state);
        for (String[] each : new String[][] {
            {
                "\"kl_coefficient\" : [0-9.Ee-]+",
                "\"kl_coefficient\" : \"x\"",
                "kl_coefficient is \"x\", but must be a finite"
            },
            {"\"step\" : 1,\n", "\"step\" : -1,\n", "step is -1, but must be a whole number, at least 0"},
            {
                "\"moments\" : \\{",
                "\"moments\" : {\"x\": {\"a\": 1}, ",
                "rewards is damaged: it holds no state of rewards"
            },
            {"\"episodes\" : [0-9]+", "\"episodes\" : 1e3", "episodes is 1000.0, but must be a whole number"}
        }) {
            String changed = text.replaceFirst(each[0], each[1]);
            assertNotEquals(text, changed, each[0]);
            Files.writeString(state, changed);
            Manifest.write(checkpoint);
            String said = refusal(InvalidFileException.class);
            assertTrue(said.startsWith(state + ": " + each[2]), said);
        }
        Files.writeString(state, text);
        Manifest.write(checkpoint);
        Path before = run.resolve("evaluation-before.json");
        Files.writeString(before, "{\"bySample\": 1}");
        assertTrue(refusal(InvalidFileException.class).startsWith(before + ": is damaged: it holds no evaluation"));
    }

    @Test
    void aBaseThatCannotBeUsedIsRefused() throws IOException {
        Path weights = base.resolve(WEIGHTS);
        byte[] bytes = Files.readAllBytes(weights);
        Files.write(weights, Arrays.copyOf(bytes, bytes.length - 100));
        assertTrue(refusal(InvalidFileException.class).startsWith(weights + ": "));
        Files.delete(weights);
        assertTrue(refusal(InvalidFileException.class).startsWith(weights + ": "));
        Files.write(weights, bytes);
        Files.delete(base.resolve("tokenizer.json"));
        assertTrue(refusal(InvalidFileException.class).startsWith(base.resolve("tokenizer.json") + ": "));
        base = directory.resolve("nowhere");
        assertTrue(refusal(InvalidFileException.class).startsWith(base + ": "));
    }
}
