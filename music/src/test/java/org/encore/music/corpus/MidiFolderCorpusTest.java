package org.encore.music.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.encore.base.files.InvalidFileException;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.audio.Waveform;
import org.encore.music.codec.Clip;
import org.encore.music.codec.SymbolicCodec;
import org.encore.music.codec.notes.NoteLanguage;
import org.encore.music.codec.notes.NoteVocabulary;
import org.encore.music.corpus.Corpus.CaptionedPiece;
import org.encore.music.corpus.MidiFolderCorpus.Settings;
import org.encore.music.etudes.Etudes;
import org.encore.music.midi.MidiFiles;
import org.encore.music.text.Attributes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MidiFolderCorpusTest {
    private static final SymbolicCodec CODEC = new LanguageCodec();
    private static final Settings SETTINGS = new Settings(1, 120, 8.0, 20);

    @TempDir
    Path folder;

    @Test
    void windowsKeepTheLimitsAndAreFunctionsOfTheIndex() throws IOException {
        writeSongs(8);
        MidiFolderCorpus corpus = new MidiFolderCorpus(folder, CODEC, SETTINGS);
        Set<CaptionedPiece> seen = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            CaptionedPiece item = corpus.train(i);
            seen.add(item);
            assertFalse(item.piece().notes().isEmpty());
            assertTrue(CODEC.encode(item.piece())[0].length <= 120);
            assertTrue(item.piece().seconds() <= 8.0);
            assertEquals(item.piece(), NoteLanguage.quantised(item.piece()));
            assertEquals(item.prompt(), corpus.trainPrompt(i));
        }
        assertTrue(seen.size() > 100, "only " + seen.size() + " different items");
        MidiFolderCorpus again = new MidiFolderCorpus(folder, CODEC, SETTINGS);
        assertEquals(corpus.train(17), again.train(17));
        assertEquals(corpus.heldOut(5), again.heldOut(5));
        assertEquals(corpus.heldOut(9).subList(0, 5), corpus.heldOut(5));
        assertEquals(corpus.fingerprint(), again.fingerprint());
        assertNotEquals(corpus.fingerprint(), new MidiFolderCorpus(folder, CODEC, Settings.standard(1)).fingerprint());
    }

    @Test
    void heldOutFilesAreNeverTrainedOn() throws IOException {
        writeSongs(10);
        for (int i = 0; i < 10; i++) {
            // The tempo identifies the song of any window.
            Piece piece = new Etudes(1).train(i).piece();
            MidiFiles.write(folder.resolve("song-" + i + ".mid"), new Piece(60 + 20 * i, piece.meter(), piece.notes()));
        }
        MidiFolderCorpus corpus = new MidiFolderCorpus(folder, CODEC, SETTINGS);
        Set<Integer> training = new HashSet<>();
        Set<Integer> heldOut = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            training.add(corpus.train(i).piece().tempoBpm());
        }
        corpus.heldOut(20).forEach(item -> heldOut.add(item.piece().tempoBpm()));
        assertEquals(corpus.heldOutFiles().size(), heldOut.size());
        assertEquals(10, training.size() + heldOut.size());
        heldOut.forEach(tempo -> assertFalse(training.contains(tempo)));
    }

    @Test
    void heldOutWindowsAreNotTransposed() throws IOException {
        writeSongs(4);
        MidiFolderCorpus corpus = new MidiFolderCorpus(folder, CODEC, SETTINGS);
        Set<Integer> pitchesOfFiles = new HashSet<>();
        for (String file : corpus.heldOutFiles()) {
            MidiFiles.read(folder.resolve(file)).notes().stream()
                    .map(Note::pitch)
                    .forEach(pitchesOfFiles::add);
        }
        for (CaptionedPiece item : corpus.heldOut(20)) {
            assertTrue(item.piece().notes().stream().map(Note::pitch).allMatch(pitchesOfFiles::contains));
        }
    }

    @Test
    void captionsComeFromEitherTable() throws IOException {
        writeSongs(3);
        write(
                "captions.csv",
                "file,notes,caption\n",
                "song-0.mid,x,\"slow, \"\"blue\"\" tune\"\n",
                "song-1.mid,,two\n");
        assertEquals(Set.of("slow, \"blue\" tune", "two"), givenCaptions());
        Files.delete(folder.resolve("captions.csv"));
        write(
                "captions.jsonl",
                "{\"file\": \"song-0.mid\", \"caption\": \"a\"}\n\n",
                "{\"file\":\"song-0.mid\",\"caption\":\"b\"}\n");
        assertEquals(Set.of("a", "b"), givenCaptions());
    }

    @Test
    void faultyTablesAreRefusedWithTheirLine() throws IOException {
        writeSongs(2);
        requireProblem("captions.csv", "line 1: ", "name,caption\n");
        requireProblem("captions.csv", "line 2: ", "file,caption\nsong-0.mid\n");
        requireProblem("captions.csv", "line 2: ", "file,caption\nsong-0.mid,\"open\n");
        requireProblem("captions.csv", "line 3: ", "file,caption\nsong-0.mid,good\nsong-9.mid,absent\n");
        requireProblem("captions.csv", "line 2: ", "file,caption\nsong-0.mid,  \n");
        requireProblem("captions.jsonl", "line 1: ", "{\"file\": 3, \"caption\": \"a\"}\n");
        requireProblem("captions.jsonl", "line 2: ", "{\"file\":\"song-0.mid\",\"caption\":\"a\"}\n{\"file\":\n");
    }

    @Test
    void unreadableFilesAreCountedAndTooFewAreRefused() throws IOException {
        writeSongs(2);
        Files.write(folder.resolve("broken.mid"), new byte[] {1, 2, 3});
        Files.write(folder.resolve("notes.txt"), new byte[] {1, 2, 3});
        assertEquals(1, new MidiFolderCorpus(folder, CODEC, SETTINGS).skipped());
        Files.delete(folder.resolve("song-0.mid"));
        InvalidFileException e =
                assertThrows(InvalidFileException.class, () -> new MidiFolderCorpus(folder, CODEC, SETTINGS));
        assertTrue(e.getMessage().contains("at least 2 (skipped: 1)"), e.getMessage());
        assertThrows(InvalidFileException.class, () -> new MidiFolderCorpus(folder.resolve("absent"), CODEC, SETTINGS));
    }

    /** Captions with unknown attributes, except for the one of windows too short to describe. */
    private Set<String> givenCaptions() throws IOException {
        MidiFolderCorpus corpus = new MidiFolderCorpus(folder, CODEC, SETTINGS);
        List<CaptionedPiece> items = new ArrayList<>(corpus.heldOut(40));
        for (int i = 0; i < 80; i++) {
            items.add(corpus.train(i));
        }
        Set<String> texts = new HashSet<>();
        for (CaptionedPiece item : items) {
            if (item.prompt().attributes().equals(Attributes.NONE)) {
                texts.add(item.prompt().text());
            }
        }
        texts.remove("A piece of music.");
        return texts;
    }

    private void requireProblem(String table, String place, String content) throws IOException {
        write(table, content);
        InvalidFileException e =
                assertThrows(InvalidFileException.class, () -> new MidiFolderCorpus(folder, CODEC, SETTINGS));
        assertTrue(e.getMessage().contains(table + ": " + place), e.getMessage());
        Files.delete(folder.resolve(table));
    }

    private void write(String name, String... parts) throws IOException {
        Files.write(folder.resolve(name), String.join("", parts).getBytes(StandardCharsets.UTF_8));
    }

    private void writeSongs(int count) throws IOException {
        Etudes etudes = new Etudes(1);
        for (int i = 0; i < count; i++) {
            MidiFiles.write(
                    folder.resolve("song-" + i + ".mid"), etudes.train(i).piece());
        }
    }

    /** The note language as a codec, without sound. */
    private static final class LanguageCodec implements SymbolicCodec {
        @Override
        public String name() {
            return "language";
        }

        @Override
        public int codebooks() {
            return 1;
        }

        @Override
        public int cardinality() {
            return NoteVocabulary.size();
        }

        @Override
        public int[][] encode(Piece piece) {
            return new int[][] {NoteLanguage.write(piece)};
        }

        @Override
        public Piece piece(int[][] codes) {
            return NoteLanguage.read(codes[0]);
        }

        @Override
        public int validFrames(int[][] codes) {
            return codes[0].length;
        }

        @Override
        public Clip decode(int[][] codes) {
            return Clip.of(piece(codes), () -> new Waveform(new float[0], 8000));
        }
    }
}
