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

/** From simulated votes to a model and what it is worth, with the shipped checkpoints on a few short clips. */
final class LearningCommandsTest {
    private static final String SIMULATION =
            """
            clips:
              checkpoints: [HOME/checkpoints/etudes-small, HOME/checkpoints/etudes-captions]
              prompts: {part: held-out, first: 7, count: 6}
              clipsPerPrompt: 2
              maxFrames: 24
            votes: {pairs: 60, heldOutShare: 0.5, agreement: 0.7}
            """;

    @TempDir
    private Path directory;

    private String pairs;
    private JsonNode simulated;

    @BeforeEach
    void simulate() throws IOException {
        pairs = directory.resolve("pairs").toString();
        simulated = json("preferences", "simulate", config("simulate", SIMULATION), "--out", pairs, "--json");
    }

    private String config(String name, String yaml) throws IOException {
        return Files.writeString(
                        directory.resolve(name + ".yaml"),
                        yaml.replace("HOME", Invocation.home().toString()))
                .toString();
    }

    private String training(int steps) throws IOException {
        return config(
                "train",
                """
                pairs: {train: PAIRS/train.jsonl, heldOut: PAIRS/held-out.jsonl}
                learner:
                  kind: network
                  checkpoint: HOME/checkpoints/etudes-small
                  training: {steps: STEPS, batch: 16}
                  every: 1
                """
                        .replace("PAIRS", pairs)
                        .replace("STEPS", String.valueOf(steps)));
    }

    private static JsonNode json(String... arguments) throws IOException {
        Invocation invocation = Invocation.here(arguments);
        assertEquals(0, invocation.status(), invocation.err());
        return new ObjectMapper().readTree(invocation.out());
    }

    @Test
    void votesOfTwoCheckpointsAreAMatch() {
        assertEquals(24, simulated.path("clips").asInt());
        assertEquals(
                60, simulated.path("train").asInt() + simulated.path("held_out").asInt());
        assertEquals(0.7, simulated.path("agreement").asDouble(), 1e-9);
        JsonNode match = simulated.path("matches").path(0);
        assertEquals(1, simulated.path("matches").size());
        assertTrue(match.path("wins").asInt() >= match.path("losses").asInt(), match.toString());
        assertEquals(
                match.path("wins").asDouble()
                        / (match.path("wins").asInt() + match.path("losses").asInt()),
                match.path("win_rate").path("value").asDouble(),
                1e-12);
    }

    /** The metrics of the training are those that {@code accuracy} finds for its model, WAV files beside MIDI or not. */
    @Test
    void aTrainedModelIsJudgedAlikeElsewhere() throws IOException {
        JsonNode trained = json(
                "preferences",
                "train",
                training(2),
                "--run-dir",
                directory.resolve("run").toString(),
                "--json");
        Path heldOut = Path.of(pairs, "held-out.jsonl");
        String[] arguments = {
            "preferences",
            "accuracy",
            "--model",
            trained.path("checkpoint").asText(),
            "--pairs",
            heldOut.toString(),
            "--json"
        };
        JsonNode found = json(arguments);
        for (String metric : List.of("pairs", "accuracy", "log_loss", "ece")) {
            assertEquals(
                    trained.path("held_out").path(metric).asDouble(),
                    found.path(metric).asDouble(),
                    1e-4,
                    metric);
        }
        // What is exported has half of the precision.
        arguments[3] = trained.path("model").asText();
        found = json(arguments);
        assertEquals(
                trained.path("held_out").path("log_loss").asDouble(),
                found.path("log_loss").asDouble(),
                0.01);
        assertTrue(Files.readString(Path.of(arguments[3], "README.md"))
                .contains("| trained on | " + simulated.path("train").asInt() + " votes of"));
        String votes = Files.readString(heldOut);
        Files.writeString(heldOut, votes.replace(".mid\"", ".wav\""));
        Invocation missing = Invocation.here(arguments);
        assertEquals(2, missing.status());
        assertTrue(missing.err().contains("there is no file"), missing.err());
        for (Path midi : clips()) {
            Files.write(Path.of(midi.toString().replace(".mid", ".wav")), new byte[1]);
        }
        assertEquals(found, json(arguments));
        Files.delete(clips().get(clips().size() - 1));
        Files.writeString(heldOut, votes);
        assertEquals(2, Invocation.here("preferences", "train", training(1)).status());
    }

    @Test
    void aCheckpointThatIsMissingIsSaidBeforeTheFirstPlays() throws IOException {
        String config = config("other", SIMULATION.replace("HOME/checkpoints/etudes-captions", "HOME/checkpoints/no"));
        Invocation refused = Invocation.here(
                "preferences",
                "simulate",
                config,
                "--out",
                directory.resolve("other").toString());
        assertEquals(2, refused.status());
        assertEquals(1, refused.err().lines().count(), refused.err());
        assertTrue(refused.err().contains("checkpoints/no"), refused.err());
    }

    private List<Path> clips() throws IOException {
        List<Path> clips = new ArrayList<>();
        try (var files = Files.newDirectoryStream(Path.of(pairs, "clips"), "*.mid")) {
            files.forEach(clips::add);
        }
        clips.sort(null);
        return clips;
    }

    @Test
    void oneThingIsLeftOutAtATime() throws IOException {
        String out = directory.resolve("ablation").toString();
        Path shipped = Invocation.home().resolve("checkpoints/rewards");
        String rewards = shipped.resolve("adherence") + "," + shipped.resolve("quality");
        String[] ablate = {"preferences", "ablate", training(1), "--out", out, "--reward", rewards, "--json"};
        JsonNode table = json(ablate);
        List<String> names = new ArrayList<>();
        for (JsonNode row : table.path("rows")) {
            names.add(row.path("name").asText() + " " + row.path("steps").asInt());
            assertEquals(table.path("rows").path(0).path("pairs"), row.path("pairs"), row.toString());
        }
        assertEquals(
                List.of(
                        "full 1",
                        "scratch 1",
                        "no-caption 1",
                        "first-10-s 1",
                        "first-5-s 1",
                        "reward-adherence 0",
                        "reward-quality 0",
                        "adherence 0",
                        "consonance 0",
                        "metre 0",
                        "form 0",
                        "variety 0",
                        "utility 0"),
                names);
        assertTrue(Files.readString(Path.of(out, "scratch", "config.yaml")).contains("start: scratch"));
        // What is there is kept.
        assertEquals(table, json(ablate));
        ablate[6] = "no-reward";
        Invocation unknown = Invocation.here(ablate);
        assertEquals(2, unknown.status());
        assertTrue(unknown.err().contains("no-reward"), unknown.err());
        ablate[6] = rewards;
        ablate[2] = config("measures", "learner: {kind: measures}");
        Invocation measures = Invocation.here(ablate);
        assertEquals(2, measures.status());
        assertTrue(measures.err().contains("ablation needs a network"), measures.err());
    }
}
