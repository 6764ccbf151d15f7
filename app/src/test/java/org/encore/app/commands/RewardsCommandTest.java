package org.encore.app.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.encore.app.Invocation;
import org.encore.model.pretrained.Codecs;
import org.encore.music.audio.WaveFiles;
import org.encore.music.codec.Clip;
import org.encore.music.codec.SymbolicCodec;
import org.encore.music.etudes.Etudes;
import org.encore.music.midi.MidiFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RewardsCommandTest {
    @TempDir
    private Path temporary;

    private Path config(String text) throws IOException {
        return Files.writeString(temporary.resolve("tiny.yaml"), text);
    }

    private static void assertRefused(String problem, String... arguments) {
        Invocation refused = Invocation.here(arguments);
        assertEquals(2, refused.status(), refused.err());
        assertEquals(1, refused.err().lines().count(), refused.err());
        assertTrue(refused.err().contains(problem), refused.err());
        assertEquals("", refused.out());
    }

    /** Trains on next to nothing, measures, and scores the same music as sound and as notes. */
    @Test
    void trainsMeasuresAndScores() throws IOException {
        Path config = config("reward: {kind: text-adherence, learning: {etudes: 16, steps: 2, batch: 4}}");
        String reward = temporary.resolve("reward").toString();
        String policy = Path.of("..", "checkpoints", "etudes-small").toString();
        Invocation trained = Invocation.here(
                "rewards",
                "train",
                config.toString(),
                "--run-dir",
                temporary.resolve("run").toString(),
                "--out",
                reward,
                "--clips",
                "10",
                "--policy",
                policy,
                "--json");
        assertEquals(0, trained.status(), trained.err());
        JsonNode facts = new ObjectMapper().readTree(trained.out());
        for (String key : new String[] {"pick_accuracy", "worst_attribute_accuracy", "spearman_referee"}) {
            assertTrue(Math.abs(facts.path(key).asDouble(9)) <= 1.0, key + " in " + trained.out());
        }
        assertTrue(Files.readString(Path.of(reward, "README.md")).contains("| instruments |"));
        Invocation measured =
                Invocation.here("rewards", "evaluate", reward, "--clips", "10", "--policy", policy, "--json");
        assertEquals(
                facts.path("pick_accuracy"),
                new ObjectMapper().readTree(measured.out()).path("pick_accuracy"));

        SymbolicCodec codec = Codecs.symbolic(Codecs.NOTES);
        Clip clip = codec.decode(codec.encode(new Etudes(1).train(0).piece()));
        Path wav = temporary.resolve("a.wav");
        Path midi = temporary.resolve("a.mid");
        WaveFiles.write(wav, clip.waveform());
        MidiFiles.write(midi, clip.piece().orElseThrow());
        Invocation scored = Invocation.here(
                "rewards",
                "score",
                "--reward",
                reward,
                "--caption",
                "a slow waltz",
                wav.toString(),
                midi.toString(),
                "--json");
        assertEquals(0, scored.status(), scored.err());
        JsonNode scores = new ObjectMapper().readTree(scored.out()).path("scores");
        assertEquals(2, scores.size());
        // 16 bits a sample, and levels in 255 steps.
        assertEquals(
                scores.get(0).path("score").asDouble(),
                scores.get(1).path("score").asDouble(),
                0.02);
        assertRefused("--caption is missing", "rewards", "score", "--reward", reward, wav.toString());
        unreadableFilesLeaveTheOthersTheirScores(reward, wav, scores.get(0).path("score"));
    }

    private void unreadableFilesLeaveTheOthersTheirScores(String reward, Path wav, JsonNode score) throws IOException {
        Path broken = Files.writeString(temporary.resolve("broken.flac"), "no sound");
        Path absent = temporary.resolve("absent.wav");
        String[] line = {"rewards", "score", "--reward", reward, "--caption", "a slow waltz", "--json"};
        Invocation some = Invocation.here(concat(line, broken, wav, absent));
        assertEquals(0, some.status(), some.err());
        assertTrue(some.err().contains("2 of 3 files could not be read"), some.err());
        JsonNode scores = new ObjectMapper().readTree(some.out()).path("scores");
        assertEquals(score, scores.get(1).path("score"));
        assertTrue(scores.get(0).path("score").isNull());
        assertTrue(scores.get(0).path("problem").asText().startsWith("is not a sound file"), some.out());
        assertEquals("does not exist", scores.get(2).path("problem").asText());
        Invocation none = Invocation.here(concat(line, broken, absent));
        assertEquals(2, none.status());
        assertTrue(none.err().contains("broken.flac: is not") && none.err().contains("absent.wav: does"), none.err());
    }

    private static String[] concat(String[] line, Path... files) {
        return Stream.concat(Arrays.stream(line), Arrays.stream(files).map(Path::toString))
                .toArray(String[]::new);
    }

    @Test
    void saysWhatIsWrongInOneLine() throws IOException {
        Path folder = Files.createDirectory(temporary.resolve("folder"));
        assertRefused("reward.json", "rewards", "evaluate", folder.toString());
        assertRefused("reward.json", "rewards", "score", "--reward", folder.toString(), "--caption", "x", "a.wav");
        Path config = config("reward: {kind: text-adherence, learning: {etudes: 3}}");
        assertRefused("etudes is 3, but must be at least 16", "rewards", "train", config.toString());
        config("reward: {kind: text-adherance}");
        assertRefused("did you mean", "rewards", "train", config.toString());
        config("reward: {kind: text-adherence}");
        String free = temporary.resolve("free").toString();
        assertRefused("--clips is 3", "rewards", "train", config.toString(), "--out", free, "--clips", "3");
        assertRefused("exists and is no reward", "rewards", "train", config.toString(), "--out", folder.toString());
        config("reward: {kind: audio-quality}");
        assertRefused("--policy is x, but audio-quality", "rewards", "train", config.toString(), "--policy", "x");
        assertRefused("Missing required subcommand", "rewards");
        Files.writeString(folder.resolve("reward.json"), "{\"kind\": \"taste\", \"format\": 1, \"settings\": {}}");
        assertRefused("kind is \"taste\"", "rewards", "evaluate", folder.toString());
    }
}
