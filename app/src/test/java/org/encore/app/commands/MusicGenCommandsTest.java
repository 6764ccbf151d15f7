package org.encore.app.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.encore.app.Invocation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A MusicGen directory with random weights, and what a run on it would take. */
class MusicGenCommandsTest {
    @TempDir
    private Path elsewhere;

    private Path model;

    @BeforeEach
    void write() {
        model = elsewhere.resolve("tiny");
        Invocation outcome = Invocation.here("init", "musicgen", model.toString(), "--size", "tiny", "--layers", "1");
        assertEquals(0, outcome.status(), outcome.err());
        assertTrue(outcome.out().contains("no music in it"), outcome.out());
    }

    private String config(String... more) throws IOException {
        Path file = elsewhere.resolve("train.yaml");
        Files.writeString(
                file,
                "checkpoint: " + model + "\ncorpus: {kind: prompts, file: prompts.txt, heldOutPerCent: 20}\n"
                        + "rollout: {maxFrames: 40, promptsPerIteration: 2, batch: 2, guidanceScale: 3}\n"
                        + "policy: {lora: {rank: 4}}\n"
                        + "evaluation: {prompts: 2, pieces: 1, maxFrames: 40, profile: {every: 0}}\n"
                        + "rewards: [{kind: length}]\n" + String.join("\n", more));
        return file.toString();
    }

    @Test
    void nothingIsOverwrittenAndSizesAreChecked() {
        Invocation again = Invocation.here("init", "musicgen", model.toString());
        assertEquals(2, again.status());
        assertTrue(again.err().contains("exists already; name a new directory"), again.err());
        Path other = elsewhere.resolve("other");
        Invocation deep = Invocation.here("init", "musicgen", other.toString(), "--layers", "0");
        assertEquals(2, deep.status());
        assertTrue(deep.err().contains("--layers is 0, but must lie in [1, 48]"), deep.err());
        assertTrue(Files.notExists(other));
        Invocation unknown = Invocation.here("init", "musicgen", other.toString(), "--dtype", "int8");
        assertEquals(2, unknown.status());
        assertEquals(1, unknown.err().lines().count(), unknown.err());
    }

    @Test
    void aDryRunPlansWithoutRunning() throws IOException {
        Invocation outcome = Invocation.here("train", config(), "--dry-run", "--json");
        assertEquals(0, outcome.status(), outcome.err());
        JsonNode models = new ObjectMapper().readTree(outcome.out()).path("models");
        assertEquals(4, models.size());
        for (JsonNode each : models) {
            long sum = 0;
            for (JsonNode bytes : each.path("bytes")) {
                sum += bytes.asLong();
            }
            assertEquals(each.path("total_bytes").asLong(), sum);
            assertTrue(
                    each.path("seconds_of_an_iteration").path("update_policy").asDouble() > 0.0, each::toString);
        }
        JsonNode small = models.get(1);
        assertEquals("small", small.path("model").asText());
        // T5 base: 109.6 million weights in 32 bits.
        assertEquals(438.5e6, small.path("bytes").path("reference text encoder").asDouble(), 1e6);
        double seconds =
                small.path("seconds_of_an_iteration").path("update_policy").asDouble();
        double larger = models.get(2)
                .path("seconds_of_an_iteration")
                .path("update_policy")
                .asDouble();
        // 48 blocks of width 1536 instead of 24 of 1024: 4.5 times the products.
        assertTrue(larger > 3.5 * seconds && larger < 5 * seconds, seconds + " and " + larger);
        assertTrue(models.get(3).path("problem").asText().contains("at most 2^31"), models::toString);
        try (var files = Files.list(elsewhere)) {
            assertEquals(2, files.count(), "the model and the configuration alone");
        }
    }

    @Test
    void aRunThatDoesNotFitIsRefusedWithWhatWould() throws IOException {
        Invocation outcome = Invocation.here(
                "train", config(), "--dry-run", "--set", "rollout.batch=2000000", "--set", "compute.microBatch=1");
        assertEquals(2, outcome.status(), outcome.out());
        assertTrue(outcome.err().contains("the run does not fit into memory"), outcome.err());
        assertTrue(outcome.err().contains("; rollout.batch: "), outcome.err());
        assertEquals(1, outcome.err().lines().count());
    }
}
