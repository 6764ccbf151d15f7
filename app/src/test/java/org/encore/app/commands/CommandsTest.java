package org.encore.app.commands;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import org.encore.app.Invocation;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.codec.notes.NoteLanguage;
import org.encore.music.midi.MidiFiles;
import org.encore.preferences.listening.clips.TakeFolder;
import org.encore.preferences.listening.clips.TakeFolder.Take;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** Whole commands, from a working directory that is not Encore's own. */
class CommandsTest {
    @TempDir
    private Path elsewhere;

    private JsonNode json(String... arguments) throws IOException, InterruptedException {
        Invocation outcome = Invocation.inChild(elsewhere, arguments);
        assertEquals(0, outcome.status(), outcome.err());
        assertEquals(1, outcome.out().lines().count(), outcome.out());
        return new ObjectMapper().readTree(outcome.out());
    }

    @Test
    void eachCommandPrintsOneLineOfJsonAndNothingElse() throws IOException, InterruptedException {
        TinyWorld.pretraining(elsewhere, TinyWorld.midi(), 3);
        JsonNode pretrained = json("pretrain", "pretrain.yaml", "--run-dir", "first", "--json");
        assertEquals(3, pretrained.path("steps").asInt());
        assertEquals("first/model", pretrained.path("model").asText());
        assertTrue(pretrained.path("held_out_loss").asDouble() > 1.0);
        assertTrue(Files.isRegularFile(elsewhere.resolve("first/samples/step-3/000.wav")));

        TinyWorld.training(elsewhere, Path.of("first/model"), 2);
        JsonNode trained = json("train", "train.yaml", "--json", "--set", "evaluation.prompts=3");
        assertEquals("runs/train-001", trained.path("run").asText());
        assertEquals(
                "runs/train-001/checkpoints/step-2", trained.path("checkpoint").asText());
        assertEquals(3, trained.path("evaluation").path("prompts").asInt());
        assertTrue(trained.path("evaluation").path("before").has("note-density"), trained::toString);
        assertTrue(trained.path("evaluation").path("after").has("held_out_loss"), trained::toString);
        assertTrue(trained.path("evaluation").path("kl_per_token").isNumber(), trained::toString);
        assertTrue(trained.path("wall_s").asDouble() > 0.0);
        for (String file : List.of("config.yaml", "provenance.json", "metrics.jsonl", "run.log", "report.html")) {
            assertTrue(Files.size(elsewhere.resolve("runs/train-001").resolve(file)) > 0, file);
        }

        String checkpoint = trained.path("checkpoint").asText();
        JsonNode generated = json(
                "generate",
                "--checkpoint",
                checkpoint,
                "--prompt",
                "a fast piece",
                "--out",
                "out",
                "--count",
                "3",
                "--json");
        assertEquals(3, generated.path("pieces").size());
        assertEquals("out/002.wav", generated.path("pieces").get(2).path("wav").asText());
        assertTrue(Files.size(elsewhere.resolve("out/002.wav")) > 44);

        // A configuration that ships is found beside the launcher, whatever the working directory is.
        JsonNode config = json("config", "check", "configs/quickstart.yaml", "--json");
        assertTrue(config.path("valid").asBoolean());
        // Three networks of 2.8 million parameters, two of which learn in two shards: eleven vectors of them.
        assertTrue(config.path("tensor_bytes").asLong() > 11L * 4 * 2_800_000, config::toString);
    }

    @Test
    void theSameSeedPlaysTheSamePieces() throws IOException {
        for (String out : new String[] {"a", "b", "c"}) {
            Invocation outcome = Invocation.here(
                    "generate",
                    "--checkpoint",
                    TinyWorld.base().toString(),
                    "--prompt",
                    "a fast piece",
                    "--out",
                    elsewhere.resolve(out).toString(),
                    "--count",
                    "2",
                    "--seed",
                    out.equals("c") ? "6" : "5");
            assertEquals(0, outcome.status(), outcome.err());
            assertEquals(2, outcome.out().lines().count());
        }
        byte[] first = Files.readAllBytes(elsewhere.resolve("a/001.wav"));
        assertArrayEquals(first, Files.readAllBytes(elsewhere.resolve("b/001.wav")));
        assertTrue(!Arrays.equals(first, Files.readAllBytes(elsewhere.resolve("c/001.wav"))), "another seed");
    }

    /** The notes of the file come first; a piece of notes has no length in seconds. */
    @Test
    void aPieceContinuesTheNotesOfAFile() throws IOException {
        Piece whole = MidiFiles.read(TinyWorld.midi().resolve("piece-0.mid"));
        Piece begun = NoteLanguage.cut(whole, 30);
        Path file = elsewhere.resolve("begun.mid");
        MidiFiles.write(file, begun);
        Path out = elsewhere.resolve("longer");
        Invocation outcome = continued(file, out);
        assertEquals(0, outcome.status(), outcome.err());
        List<Note> notes = MidiFiles.read(out.resolve("000.mid")).notes();
        assertTrue(begun.notes().size() > 4 && notes.containsAll(begun.notes()), notes::toString);

        MidiFiles.write(file, whole);
        Path refused = elsewhere.resolve("refused");
        outcome = continued(file, refused);
        assertEquals(2, outcome.status());
        String expected =
                file + ": has " + (NoteLanguage.codes(whole) - 1) + " codes, but a piece to continue must have at"
                        + " least 1 and fewer than the 48 that the model writes";
        assertTrue(outcome.err().endsWith("encore: " + expected + "\n"), outcome.err());
        outcome = continued(file, refused, "--seconds", "3");
        assertTrue(
                outcome.err()
                        .endsWith(
                                "encore: --seconds and --extend-stride are for models of sound; this one writes notes, whose"
                                        + " pieces end by themselves\n"),
                outcome.err());
    }

    private static Invocation continued(Path file, Path out, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("generate", "--checkpoint", TinyWorld.base().toString()));
        arguments.addAll(List.of("--prompt", "a fast piece", "--out", out.toString(), "--continue", file.toString()));
        arguments.addAll(List.of(more));
        return Invocation.here(arguments.toArray(String[]::new));
    }

    /** Two prompts of a file, two pieces each; a second start keeps them, a third replaces the first of them. */
    @Test
    void promptsOfAFileMakeAFolderForAListeningTest() throws IOException {
        Path file = Files.writeString(
                elsewhere.resolve("prompts.csv"), "id,caption\n1,a fast piece\n2,\"a slow, sad one\"\n");
        Path out = elsewhere.resolve("pieces");
        Invocation outcome = written(out, "--prompts", file.toString(), "--count", "2");
        assertEquals(0, outcome.status(), outcome.err());
        SortedMap<String, Take> takes = new TakeFolder("tiny", out).takes();
        assertEquals(
                List.of("a fast piece", "a fast piece", "a slow, sad one", "a slow, sad one"),
                takes.values().stream().map(Take::prompt).toList());
        byte[] first = Files.readAllBytes(out.resolve("000.wav"));
        byte[] second = Files.readAllBytes(out.resolve("001.wav"));

        outcome = written(out, "--prompt", "a slow piece", "--seed", "7");
        assertEquals(2, outcome.status());
        assertEquals(
                "encore: " + out.resolve("000.json")
                        + ": exists already; name another directory with --out, or add --overwrite\n",
                outcome.err());
        assertArrayEquals(first, Files.readAllBytes(out.resolve("000.wav")));
        outcome = written(out, "--prompt", "a slow piece", "--seed", "7", "--overwrite");
        assertEquals(0, outcome.status(), outcome.err());
        assertEquals(
                "a slow piece", new TakeFolder("tiny", out).takes().get("000").prompt());
        assertFalse(Arrays.equals(first, Files.readAllBytes(out.resolve("000.wav"))));
        assertArrayEquals(second, Files.readAllBytes(out.resolve("001.wav")));
    }

    /** A prompt has the same piece whatever else is asked for beside it. */
    @Test
    void severalPromptsInOneStart() throws IOException {
        Path both = elsewhere.resolve("both");
        Invocation outcome = written(both, "--prompt", "a fast piece", "--prompt", "a slow one");
        assertEquals(0, outcome.status(), outcome.err());
        Path one = elsewhere.resolve("one");
        assertEquals(0, written(one, "--prompt", "a fast piece").status());
        assertArrayEquals(Files.readAllBytes(one.resolve("000.wav")), Files.readAllBytes(both.resolve("000.wav")));
        outcome = written(one, "--prompt", "a", "--prompts", "b");
        assertTrue(outcome.err().contains("--prompt=TEXT, --prompts=FILE are mutually exclusive"), outcome.err());
    }

    private static Invocation written(Path out, String... more) {
        List<String> arguments = new ArrayList<>(List.of("generate", "--checkpoint"));
        arguments.addAll(List.of(TinyWorld.base().toString(), "--out", out.toString()));
        arguments.addAll(List.of(more));
        return Invocation.here(arguments.toArray(String[]::new));
    }

    @Test
    void infoListsWordsAndWhatTheyName() throws IOException, InterruptedException {
        JsonNode shipped = json("info", "checkpoints/etudes-small", "--json");
        assertEquals(2_849_152, shipped.path("parameters").asLong());
        assertEquals("notes", shipped.path("codec").asText());
        assertTrue(shipped.path("words").size() > 200, shipped::toString);
        JsonNode values = shipped.path("values");
        assertEquals(7, values.size(), values::toString);
        assertEquals(8, values.path("style").size());
        assertEquals(
                "marimba", values.path("instruments").path("marimba").get(0).asText());
        assertEquals(
                "evenly filled", values.path("density").path("medium").get(0).asText());

        Invocation unknown = Invocation.here("info", elsewhere.toString());
        assertEquals(2, unknown.status());
        Path base = TinyWorld.base();
        Invocation tiny = Invocation.here("info", base.toString());
        assertTrue(tiny.out().contains(" words (--json lists them), others are unknown"), tiny.out());
    }

    @Test
    void wordsTheModelDoesNotKnowAreNamed() {
        Invocation outcome = Invocation.here(
                "generate",
                "--checkpoint",
                TinyWorld.base().toString(),
                "--prompt",
                "Zwiefacher",
                "--out",
                elsewhere.resolve("out").toString());
        assertEquals(0, outcome.status(), outcome.err());
        assertEquals(
                "the model does not know these words of the prompt: Zwiefacher (./encore info " + TinyWorld.base()
                        + " lists those it knows)\n",
                outcome.err().lines().findFirst().orElse("") + "\n");
    }

    @Test
    @EnabledIfEnvironmentVariable(
            named = "ENCORE_SHARED",
            matches = ".+",
            disabledReason = "the golden values of another implementation are not part of the sources")
    void parityHoldsAndOneWrongWeightShows() throws IOException, InterruptedException {
        Path model = Path.of(System.getenv("ENCORE_SHARED"), "data", "golden", "hf_musicgen_tiny");
        JsonNode holds = json(
                "parity",
                model.toString(),
                "--golden",
                model.resolve("golden.safetensors").toString(),
                "--gradients",
                model.resolve("grads.safetensors").toString(),
                "--json");
        assertEquals(0, holds.path("failed").asInt());
        assertTrue(holds.path("passed").asInt() > 40, holds::toString);

        Path damaged = Files.createDirectories(elsewhere.resolve("damaged"));
        Files.copy(model.resolve("config.json"), damaged.resolve("config.json"));
        byte[] bytes = Files.readAllBytes(model.resolve("model.safetensors"));
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int header = (int) file.getLong(0);
        int start = new ObjectMapper()
                .readTree(bytes, 8, header)
                .path("decoder.model.decoder.layers.0.fc1.weight")
                .path("data_offsets")
                .path(0)
                .asInt();
        file.putFloat(8 + header + start, file.getFloat(8 + header + start) + 0.5f);
        Files.write(damaged.resolve("model.safetensors"), bytes);
        Invocation shows = Invocation.here(
                "parity",
                damaged.toString(),
                "--golden",
                model.resolve("golden.safetensors").toString());
        assertEquals(1, shows.status(), shows.out());
        assertTrue(shows.out().contains(" FAILED "), shows.out());
        assertEquals("", shows.err());
    }
}
