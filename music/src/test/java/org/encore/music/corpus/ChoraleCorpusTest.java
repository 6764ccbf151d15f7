package org.encore.music.corpus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;
import org.encore.base.files.InvalidFileException;
import org.encore.music.audio.Synthesiser;
import org.encore.music.codec.VoiceCodec;
import org.encore.music.corpus.Corpus.CaptionedPiece;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChoraleCorpusTest {
    /** Voice by voice train spans 60 to 64, 55, 50 to 51 and 40 to 43. */
    private static final String TWO_TO_LEARN =
            "[[[60, 55, 50, 40], [61, 55, 50, 40]], [[64, -1, 51, 43], [63, -1, 51, 43], [63, -1, 51, 42]]]";

    private static final String ONE = "[[[70, 60, -1, 48], [70, 60, -1, 48]]]";
    private static final String OTHER = "[[[72, 62, 50, 45]]]";

    @TempDir
    private Path folder;

    private final VoiceCodec codec = new VoiceCodec(new Synthesiser(Synthesiser.Settings.standard()));

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("chorales.json"), text);
    }

    private Path whole() throws IOException {
        return file("{\"test\": " + OTHER + ", \"more\": {\"a\": [1]}, \"train\": " + TWO_TO_LEARN + ", \"valid\": "
                + ONE + "}");
    }

    private static ChoraleCorpus.Settings settings(int farthestShift) {
        return new ChoraleCorpus.Settings(1, farthestShift, 16);
    }

    private int[][] codes(CaptionedPiece item) {
        return codec.encode(item.piece());
    }

    /** The frames of a piece in MIDI pitches, without the end. */
    private int[][] frames(CaptionedPiece item) {
        int[][] codes = codes(item);
        int[][] frames = new int[codes[0].length - 1][4];
        for (int t = 0; t < frames.length; t++) {
            for (int voice = 0; voice < 4; voice++) {
                frames[t][voice] = codes[voice][t] == VoiceCodec.REST ? -1 : codes[voice][t] + 35;
            }
        }
        return frames;
    }

    @Test
    void validAndTestAreWholeAndAsTheyAre() throws IOException {
        Corpus corpus = new ChoraleCorpus(whole(), settings(12));
        assertEquals(1, corpus.heldOut(5).size());
        assertEquals(0, corpus.heldOut(0).size());
        assertArrayEquals(
                new int[][] {{70, 60, -1, 48}, {70, 60, -1, 48}},
                frames(corpus.heldOut(1).get(0)));
        assertEquals(1, corpus.on(Split.TEST).heldOut(5).size());
        assertArrayEquals(
                new int[][] {{72, 62, 50, 45}},
                frames(corpus.on(Split.TEST).heldOut(1).get(0)));
        assertEquals(3, corpus.heldOutPrompts(3).size());
    }

    @Test
    void withoutShiftsTrainingIsTheFileInAnOrderOfItsOwnInEachPass() throws IOException {
        Corpus corpus = new ChoraleCorpus(whole(), settings(0));
        TreeSet<String> orders = new TreeSet<>();
        for (int pass = 0; pass < 20; pass++) {
            String first = Arrays.deepToString(frames(corpus.train(2L * pass)));
            String second = Arrays.deepToString(frames(corpus.train(2L * pass + 1)));
            orders.add(first);
            assertEquals(
                    TWO_TO_LEARN,
                    first.compareTo(second) < 0
                            ? "[" + first + ", " + second + "]"
                            : "[" + second + ", " + first + "]");
        }
        assertEquals(2, orders.size());
    }

    /** The first piece can rise by one before the tenor leaves its range and cannot fall; the second can fall by one. */
    @Test
    void shiftsKeepEveryVoiceInItsRange() throws IOException {
        Corpus corpus = new ChoraleCorpus(whole(), settings(12));
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < 200; i++) {
            counts.merge(Arrays.toString(frames(corpus.train(i))[0]), 1, Integer::sum);
        }
        assertEquals(
                new TreeSet<>(List.of("[60, 55, 50, 40]", "[64, -1, 51, 43]", "[63, -1, 50, 42]")),
                new TreeSet<>(counts.keySet()));
        assertEquals(100, counts.get("[60, 55, 50, 40]"));
        assertTrue(counts.get("[63, -1, 50, 42]") > 30, counts::toString);
        assertTrue(counts.get("[64, -1, 51, 43]") > 30, counts::toString);
    }

    @Test
    void shiftsAreNoFartherThanAllowed() throws IOException {
        Path file = file(
                "{\"train\": [[[60, 55, 50, 40]], [[70, 65, 60, 50]]], \"valid\": " + ONE + ", \"test\": " + ONE + "}");
        TreeSet<Integer> sopranos = new TreeSet<>();
        for (int i = 0; i < 200; i++) {
            sopranos.add(frames(new ChoraleCorpus(file, settings(2)).train(i))[0][0]);
        }
        assertEquals(new TreeSet<>(List.of(60, 61, 62, 68, 69, 70)), sopranos);
    }

    /** Fifteen frames and an end fill sixteen. */
    @Test
    void longTrainingPiecesGiveWindowsThatStartOnAQuarter() throws IOException {
        StringBuilder piece = new StringBuilder("[60, 55, 50, 40]");
        for (int t = 1; t < 24; t++) {
            piece.append(", [").append(60 + t % 20).append(", 55, 50, 40]");
        }
        Path file = file("{\"train\": [[" + piece + "]], \"valid\": " + ONE + ", \"test\": " + ONE + "}");
        Corpus corpus = new ChoraleCorpus(file, settings(0));
        TreeSet<Integer> starts = new TreeSet<>();
        for (int i = 0; i < 60; i++) {
            int[][] frames = frames(corpus.train(i));
            assertEquals(15, frames.length);
            starts.add(frames[0][0]);
        }
        assertEquals(new TreeSet<>(List.of(60, 64, 68)), starts);
    }

    @Test
    void piecesToMeasureWithAreNeverCut() throws IOException {
        String longPiece = "[" + "[60, 55, 50, 40], ".repeat(15) + "[60, 55, 50, 40]]";
        Path file = file("{\"train\": " + ONE + ", \"valid\": [" + longPiece + "], \"test\": " + ONE + "}");
        InvalidFileException e = assertThrows(InvalidFileException.class, () -> new ChoraleCorpus(file, settings(0)));
        assertEquals(
                "valid[0] has 17 frames with its end, but maxFrames is 16; measuring cuts nothing, so make maxFrames at"
                        + " least as large",
                e.problem());
    }

    @Test
    void anIndexAlwaysGivesTheSameAndTheFingerprintTellsFilesApart() throws IOException {
        Path file = whole();
        Corpus one = new ChoraleCorpus(file, settings(12));
        Corpus two = new ChoraleCorpus(file, settings(12));
        assertEquals(one.train(7), two.train(7));
        assertEquals(one.fingerprint(), two.fingerprint());
        assertNotEquals(one.fingerprint(), new ChoraleCorpus(file, settings(11)).fingerprint());
        file(Files.readString(file).replace("72", "71"));
        assertNotEquals(one.fingerprint(), new ChoraleCorpus(file, settings(12)).fingerprint());
    }

    @Test
    void gzipIsReadToo() throws IOException {
        Path plain = whole();
        Path zipped = folder.resolve("chorales.bin");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(Files.readAllBytes(plain));
        }
        Files.write(zipped, bytes.toByteArray());
        assertEquals(
                new ChoraleCorpus(plain, settings(1)).fingerprint(),
                new ChoraleCorpus(zipped, settings(1)).fingerprint());
        for (int length : new int[] {2, 12, bytes.size() / 2, bytes.size() - 9}) {
            Files.write(zipped, Arrays.copyOf(bytes.toByteArray(), length));
            assertRefused(zipped);
        }
    }

    private static String assertRefused(Path file) {
        InvalidFileException e = assertThrows(InvalidFileException.class, () -> new ChoraleCorpus(file, settings(0)));
        assertEquals(1, e.getMessage().lines().count());
        assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
        return e.problem();
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        byte[] bytes = Files.readAllBytes(whole());
        Path cut = folder.resolve("cut.json");
        for (int length = 0; length < bytes.length; length += 3) {
            Files.write(cut, Arrays.copyOf(bytes, length));
            assertRefused(cut);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]                                        | it must be an object with the keys train, valid and test",
                "{}                                        | train must be a list of at least one piece",
                "{\"train\": 3}                            | train must be a list of pieces",
                "{\"train\": [3]}                          | train[0] must be a list of frames",
                "{\"train\": [[]]}                         | train[0] must be at least one frame long and sound in its last",
                "{\"train\": [[[-1, -1, -1, -1]]]}         | train[0] must be at least one frame long and sound in its last",
                "{\"train\": [[60]]}                       | train[0][0] must be a list of four pitches",
                "{\"train\": [[[60, 60, 60]]]}             | train[0][0] must be a list of 4 whole numbers",
                "{\"train\": [[[60, 60, 60, 60, 60]]]}     | train[0][0] must be a list of no more than four pitches",
                "{\"train\": [[[60, 60, 60, 6.5]]]}        | train[0][0] must be a list of 4 whole numbers",
                "{\"train\": [[[60, 60, \"a\", 60]]]}      | train[0][0] must be a list of 4 whole numbers",
                "{\"train\": [[[60, 60, 60, 35]]]}         "
                        + "| train[0][0][3] is 35, but must be a MIDI pitch in [36, 81], or -1 for a rest",
                "{\"valid\": [], \"valid\": []}            | valid must be there once",
            })
    void whatIsNoChoraleIsRefusedWithItsPlace(String text, String problem) throws IOException {
        assertEquals(problem, assertRefused(file(text)));
    }

    @Test
    void hostileNumbersNestingAndBytesAreRefused() throws IOException {
        assertRefused(file("{\"train\": [[[99999999999999999999, 60, 60, 60]]]}"));
        assertRefused(file("{\"more\": " + "[".repeat(100_000)));
        assertRefused(Files.write(folder.resolve("bytes"), "\u00FF\u00FE{}".getBytes(StandardCharsets.ISO_8859_1)));
        assertRefused(folder.resolve("absent.json"));
        assertRefused(folder);
    }
}
