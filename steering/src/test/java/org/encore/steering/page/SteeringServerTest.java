package org.encore.steering.page;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.audio.Synthesiser;
import org.encore.music.audio.WaveFiles;
import org.encore.music.audio.Waveform;
import org.encore.music.etudes.Etudes;
import org.encore.music.midi.MidiFiles;
import org.encore.steering.page.Stage.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** What the steering page asks for, without the page. */
class SteeringServerTest {
    @TempDir
    Path folder;

    /** The MIDI file is the phrases as they were shown, the WAV file is that MIDI file played, and both are what was heard. */
    static void assertExported(Stage stage) {
        JsonNode piece = stage.get("/api/piece").json();
        Piece shown = Stage.shown(piece);
        byte[] midi = stage.get("/api/piece.mid").bytes();
        assertArrayEquals(MidiFiles.toBytes(shown), midi);
        byte[] wav = stage.get("/api/piece.wav").bytes();
        JsonNode phrases = piece.path("phrases");
        long take = phrases.path(phrases.size() - 1).path("take").longValue();
        assertArrayEquals(stage.get("/api/sound/" + take).bytes(), wav);
        Synthesiser synthesiser = new Synthesiser(Synthesiser.Settings.standard());
        assertArrayEquals(WaveFiles.toBytes(synthesiser.render(MidiFiles.read(midi, "exported"))), wav);
    }

    @Test
    void aPieceGrowsIsTakenBackAndExported() throws IOException {
        try (Stage stage = Stage.ofNotes(Optional.empty())) {
            assertEquals(200, stage.join().status());
            assertEquals(409, stage.post("/api/undo", Map.of()).status());
            assertEquals(409, stage.get("/api/piece.mid").status());
            assertEquals(
                    409,
                    stage.post("/api/again", Map.of("text", "", "strength", 1, "dials", Map.of()))
                            .status());
            JsonNode first = stage.play("next", Map.of());
            double bar = first.path("secondsPerBar").doubleValue();
            assertEquals(4 * bar, first.path("seconds").doubleValue(), 1e-9);
            JsonNode second = stage.play("next", Map.of("drums", 0.9, "bass", -0.5));
            assertEquals(8 * bar, second.path("seconds").doubleValue(), 1e-9);
            assertEquals(
                    first.path("phrases").path(0), second.path("phrases").path(0), "what is there stays as it was");
            JsonNode drums = second.at("/phrases/1/traits/0");
            assertEquals("drums", drums.path("name").textValue());
            assertEquals(0.9, drums.path("degree").doubleValue());
            assertTrue(drums.path("pushes").size() > 0 && drums.path("monitor").size() > 0, drums::toString);
            for (JsonNode push : drums.path("pushes")) {
                double at = push.path(0).doubleValue();
                assertTrue(at >= 4 * bar - 1e-3 && at < 8 * bar, push::toString);
            }
            assertEquals(0, second.at("/phrases/1/traits/2/pushes").size(), "guitar was off");
            assertTrue(second.at("/phrases/1/traits/2/monitor").size() > 0, "but was watched");
            assertExported(stage);
            JsonNode again = stage.play("again", Map.of("drums", 0.9));
            assertEquals(2, again.path("phrases").size());
            assertEquals(2, again.at("/phrases/1/takes").intValue());
            assertNotEquals(second.at("/phrases/1/notes"), again.at("/phrases/1/notes"));
            assertExported(stage);
            JsonNode chosen = stage.post("/api/choose", Map.of("take", 0)).json();
            assertEquals(second.at("/phrases/1/notes"), chosen.at("/phrases/1/notes"));
            assertExported(stage);
            assertEquals(again, stage.post("/api/undo", Map.of()).json());
            assertEquals(second, stage.post("/api/undo", Map.of()).json());
            assertEquals(400, stage.post("/api/choose", Map.of("take", 1)).status());
            stage.post("/api/clear", Map.of());
            assertEquals(0, stage.get("/api/piece").json().path("phrases").size());
            assertEquals(second, stage.post("/api/undo", Map.of()).json());
            assertExported(stage);
        }
    }

    /** Ten phrases: far more than the model's 256 codes, of which it reads the last bars. */
    @Test
    void sameSeedAndDialsSameMusicAsLongAsOneLikes() throws IOException {
        List<byte[]> files = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            try (Stage stage = Stage.ofNotes(Optional.empty())) {
                stage.join();
                JsonNode piece = null;
                for (int i = 0; i < 10; i++) {
                    piece = stage.play("next", i % 2 == 0 ? Map.of("drums", 1.0, "bass", 0.9) : Map.of());
                }
                files.add(stage.get("/api/piece.mid").bytes());
                assertEquals(
                        40 * piece.path("secondsPerBar").doubleValue(),
                        piece.path("seconds").doubleValue(),
                        1e-9);
                int silent = 0;
                for (JsonNode phrase : piece.path("phrases")) {
                    silent += phrase.path("notes").size() == 0 ? 1 : 0;
                }
                assertEquals(0, silent, "phrases without a note");
            }
        }
        assertArrayEquals(files.get(0), files.get(1));
    }

    /** A piece to continue is left as it is, tempo and metre too. */
    @Test
    void aPieceIsContinued() throws IOException {
        Piece given = new Etudes(1).heldOut(5).piece();
        try (Stage stage = Stage.ofNotes(Optional.of(given))) {
            stage.join();
            Piece before = Stage.shown(stage.get("/api/piece").json());
            assertEquals(given.meter(), before.meter());
            stage.play("next", Map.of("drums", 0.8));
            Piece after = Stage.shown(stage.get("/api/piece").json());
            assertEquals(before.tempoBpm(), after.tempoBpm());
            int bar = before.meter().ticksPerBar();
            int bars = before.notes().stream()
                    .mapToInt(note -> note.onset() / bar + 1)
                    .max()
                    .orElseThrow();
            List<Note> old = after.notes().stream()
                    .filter(note -> note.onset() < bars * bar)
                    .toList();
            assertEquals(before.notes(), old);
            assertTrue(after.notes().size() > old.size(), "nothing new");
            assertExported(stage);
            stage.post("/api/undo", Map.of());
            assertEquals(200, stage.get("/api/sound/0").status());
            assertArrayEquals(
                    stage.get("/api/sound/0").bytes(),
                    stage.get("/api/piece.wav").bytes());
        }
    }

    @Test
    void strangersAndWhatNoPageSendsAreRefused() throws IOException {
        try (Stage stage = Stage.ofNotes(Optional.empty())) {
            for (String path : List.of("/api/piece", "/api/piece.mid", "/api/piece.wav", "/api/sound/0")) {
                assertEquals(401, stage.get(path).status(), path);
            }
            assertEquals(401, stage.post("/api/next", Map.of("text", "")).status());
            assertEquals(401, stage.post("/api/join", Map.of("token", "guess")).status());
            assertEquals(
                    401,
                    stage.get("/api/piece", "Cookie", "encore_steering=00000000000000000000000000000000")
                            .status());
            Answer page = stage.get("/");
            assertEquals(200, page.status());
            assertTrue(page.response()
                    .headers()
                    .firstValue("Content-Security-Policy")
                    .orElse("")
                    .startsWith("default-src 'none'; script-src 'self';"));
            String token = stage.server().link().replaceFirst(".*token=", "");
            for (String path : SteeringServer.files().keySet()) {
                Answer file = stage.get(path);
                assertEquals(200, file.status(), path);
                assertFalse(new String(file.bytes(), StandardCharsets.UTF_8).contains(token), path);
            }
            assertEquals(200, stage.join().status());
            assertEquals(
                    404,
                    stage.get("/api/piece", "Origin", "http://elsewhere.example")
                            .status());
            for (String body : List.of(
                    "",
                    "[]",
                    "{}",
                    "{\"text\": \"\", \"strength\": 1e999, \"dials\": {}}",
                    "{\"text\": \"\", \"strength\": -1, \"dials\": {}}",
                    "{\"text\": \"\", \"strength\": 1, \"dials\": {\"kazoo\": 1}}",
                    "{\"text\": \"\", \"strength\": 1, \"dials\": {\"drums\": 1.5}}",
                    "{\"text\": \"\", \"strength\": 1, \"dials\": {\"drums\": \"loud\"}}",
                    "{\"text\": \"" + "x".repeat(501) + "\", \"strength\": 1, \"dials\": {}}")) {
                assertEquals(400, stage.post("/api/next", body).status(), body);
            }
            assertEquals(
                    413,
                    stage.post("/api/next", "{\"text\": \"" + "x".repeat(5000) + "\"}")
                            .status());
            assertEquals(404, stage.get("/api/sound/99").status());
            assertEquals(404, stage.get("/api/sound/secret").status());
            assertEquals(0, stage.get("/api/piece").json().path("phrases").size());
        }
    }

    /** Several codebooks: sound, outlines instead of notes, no MIDI. */
    @Test
    @EnabledIfEnvironmentVariable(
            named = "ENCORE_SHARED",
            matches = ".+",
            disabledReason = "needs a tiny MusicGen: set ENCORE_SHARED to the directory that holds data/golden")
    void aModelOfSoundPlaysToo() throws IOException {
        try (Stage stage = Stage.ofSound(folder)) {
            assertEquals("sound", stage.join().json().path("kind").textValue());
            JsonNode piece = null;
            for (int i = 0; i < 4; i++) {
                piece = stage.play("next", Map.of("drums", i % 2 == 0 ? 1.0 : -1.0));
            }
            JsonNode third = piece.path("phrases").path(2);
            double from = third.path("from").doubleValue();
            double to = third.path("to").doubleValue();
            assertEquals(3 * (to - from), to, 1e-9);
            assertTrue(third.path("peaks").size() > 10, third::toString);
            JsonNode monitor = third.at("/traits/0/monitor");
            assertEquals(from, monitor.path(0).path(0).doubleValue(), 1e-3);
            assertTrue(monitor.path(monitor.size() - 1).path(0).doubleValue() < to, monitor::toString);
            assertTrue(third.at("/traits/0/pushes").size() > 0, third::toString);
            assertEquals(404, stage.get("/api/piece.mid").status());
            byte[] wav = stage.get("/api/piece.wav").bytes();
            Waveform sound = WaveFiles.read(wav, "exported");
            assertEquals(piece.path("seconds").doubleValue(), sound.seconds(), 0.02);
            long take = piece.at("/phrases/3/take").longValue();
            assertArrayEquals(stage.get("/api/sound/" + take).bytes(), wav);
            Answer part = stage.get("/api/sound/" + take, "Range", "bytes=100-199");
            assertEquals(206, part.status());
            assertArrayEquals(Arrays.copyOfRange(wav, 100, 200), part.bytes());
        }
    }
}
