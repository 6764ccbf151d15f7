package org.encore.app.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.encore.app.Invocation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models of sound on études: what is refused, profiles of damage to the sound, the referee. */
class SoundCommandsTest {
    @TempDir
    private Path elsewhere;

    private Path model;

    @BeforeEach
    void write() {
        model = elsewhere.resolve("tiny");
        Invocation outcome = Invocation.here("init", "musicgen", model.toString(), "--size", "tiny", "--layers", "1");
        assertEquals(0, outcome.status(), outcome.err());
    }

    private void refused(String problem, String... settings) throws IOException {
        Path file = Files.writeString(elsewhere.resolve("pretrain.yaml"), String.join("\n", settings));
        Path run = elsewhere.resolve("run");
        Invocation outcome = Invocation.here("pretrain", file.toString(), "--run-dir", run.toString());
        assertEquals(2, outcome.status(), outcome.err());
        assertEquals(1, outcome.err().lines().count(), outcome.err());
        assertTrue(outcome.err().contains(problem), outcome.err());
        assertTrue(Files.notExists(run), "no run is left behind");
    }

    @Test
    void aNewModelOfSoundNeedsItsCodecAndSound() throws IOException {
        String sound = "corpus: {kind: etudes, sound: {clipSeconds: 1, clips: 4}}";
        refused("checkpoint is missing, and so is model.codec", sound);
        refused(
                "but the corpus has notes; études are rendered",
                "corpus: {kind: etudes}",
                "model: {codec: " + model + "}");
        refused("holds no EnCodec", sound, "model: {codec: " + TinyWorld.base() + "}");
        refused("text is null", sound, "model: {codec: " + model + ", text: null}");
    }

    private JsonNode profile(String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "profile",
                model.toString(),
                "--clip-seconds",
                "1",
                "--onset",
                "10",
                "--recovery",
                "5",
                "--count",
                "3",
                "--json"));
        arguments.addAll(List.of(more));
        Invocation outcome = Invocation.here(arguments.toArray(String[]::new));
        assertEquals(0, outcome.status(), outcome.err());
        return new ObjectMapper().readTree(outcome.out());
    }

    /** The mean over codebooks is that of the codebooks' own; noise of another level is another damage. */
    @Test
    void damageToSoundIsProfiledByCodebook() throws IOException {
        JsonNode loud = profile("--perturbation", "pink", "--level", "-10", "--lengths", "0.1s,0.3s");
        JsonNode soft = profile("--perturbation", "pink", "--level", "-60", "--lengths", "0.1s,0.3s");
        JsonNode metrics = loud.path("checkpoints").get(0).path("by_length").path("0.3s");
        double sum = 0.0;
        for (int k = 0; k < 4; k++) {
            sum += metrics.path("delta_damaged/codebook-" + k).path("value").asDouble(Double.NaN);
        }
        assertEquals(metrics.path("delta_damaged").path("value").asDouble(), sum / 4, 1e-9);
        assertTrue(!loud.path("checkpoints").equals(soft.path("checkpoints")));
        JsonNode shuffled = profile("--perturbation", "waveform-adjacent-blocks", "--lengths", "0.1s");
        assertTrue(Double.isFinite(shuffled.path("checkpoints")
                .get(0)
                .path("by_length")
                .path("0.1s")
                .path("delta")
                .path("value")
                .asDouble(Double.NaN)));
    }

    @Test
    void theRefereePublishesItsErrors() throws IOException {
        Invocation outcome =
                Invocation.here("referee", "--clips", "6", "--seconds", "2", "--codec", model.toString(), "--json");
        assertEquals(0, outcome.status(), outcome.err());
        JsonNode facts = new ObjectMapper().readTree(outcome.out());
        assertEquals(6, facts.path("clips").asInt());
        assertEquals("tempo", facts.path("questions").get(0).path("question").asText());
        assertTrue(facts.path("questions").size() > 8);
        Invocation none = Invocation.here("referee", "--clips", "0");
        assertEquals(2, none.status());
        assertTrue(none.err().contains("clips is 0"), none.err());
    }
}
