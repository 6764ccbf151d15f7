package org.encore.music.codec.notes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.music.Instrument;
import org.encore.music.Meter;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.RandomPieces;
import org.encore.music.audio.Synthesiser;
import org.encore.music.codec.notes.NoteVocabulary.CodeKind;
import org.junit.jupiter.api.Test;

class NoteCodecTest {
    private static final Instrument BASS = new Instrument(33);

    private final NoteCodec codec = new NoteCodec(new Synthesiser(Synthesiser.Settings.standard()));

    @Test
    void writesOnlyWhatChanges() {
        Piece piece = new Piece(
                120,
                Meter.THREE_FOUR,
                List.of(
                        new Note(Instrument.PIANO, 0, 12, 60, 84),
                        new Note(Instrument.PIANO, 0, 12, 64, 84),
                        new Note(BASS, 0, 36, 36, 100),
                        new Note(Instrument.PIANO, 12, 12, 67, 84),
                        new Note(BASS, 108, 36, 43, 100)));

        assertEquals(
                List.of(
                        "METER 3/4",
                        "TEMPO 120",
                        "BAR",
                        "PITCH 60",
                        "PITCH 64",
                        "INSTRUMENT 33 (electric bass (finger))",
                        "VELOCITY 100",
                        "DURATION 36",
                        "PITCH 36",
                        "POSITION 12",
                        "INSTRUMENT 0 (acoustic grand piano)",
                        "PITCH 67",
                        "BAR",
                        "BAR",
                        "BAR",
                        "INSTRUMENT 33 (electric bass (finger))",
                        "PITCH 43",
                        "END"),
                describe(codec.encode(piece)));
    }

    /** Up to an open bar, behind rests too; what is written next lies in it. */
    @Test
    void aBeginningEndsWithAnOpenBar() {
        Piece piece = new Piece(
                120,
                Meter.THREE_FOUR,
                List.of(new Note(Instrument.PIANO, 0, 12, 60, 84), new Note(Instrument.PIANO, 72, 12, 64, 84)));
        assertEquals(List.of("METER 3/4", "TEMPO 120", "BAR"), begun(piece, 0));
        assertEquals(List.of("METER 3/4", "TEMPO 120", "BAR", "PITCH 60", "BAR", "BAR"), begun(piece, 2));
        assertEquals(
                List.of("METER 3/4", "TEMPO 120", "BAR", "PITCH 60", "BAR", "BAR", "PITCH 64", "BAR", "BAR"),
                begun(piece, 4));
        int[] more = Arrays.copyOf(NoteLanguage.beginning(piece, 4), 10);
        more[9] = NoteVocabulary.codeOf(CodeKind.PITCH, 70);
        Note added = NoteLanguage.read(more).notes().get(2);
        assertEquals(4 * 36, added.onset());
    }

    private static List<String> begun(Piece piece, int bar) {
        return describe(new int[][] {NoteLanguage.beginning(piece, bar)});
    }

    @Test
    void pageShowsTheExampleOfThisTest() throws IOException {
        Piece piece = new Piece(
                88,
                Meter.FOUR_FOUR,
                List.of(
                        new Note(Instrument.PIANO, 0, 24, 60, 84),
                        new Note(Instrument.PIANO, 0, 24, 64, 84),
                        new Note(Instrument.PIANO, 24, 24, 67, 92),
                        new Note(BASS, 0, 96, 36, 84),
                        new Note(Instrument.PIANO, 96, 24, 72, 92)));
        String codes = String.join("\n", describe(codec.encode(piece)));
        String page = Files.readString(Path.of("..", "docs", "vocabulary.md"));
        assertTrue(page.contains("```text\n" + codes + "\n```"), () -> "put this example into the page:\n" + codes);
    }

    @Test
    void decodingUndoesEncodingOfQuantisedPieces() {
        for (int number = 0; number < 500; number++) {
            Piece piece = RandomPieces.piece(number);
            Piece quantised = NoteLanguage.quantised(piece);
            assertEquals(quantised, NoteLanguage.quantised(quantised), "quantising twice, piece " + number);
            int[][] codes = codec.encode(piece);
            assertEquals(quantised, codec.piece(codes), "piece " + number);
            assertEquals(quantised, codec.decode(codes).piece().orElseThrow(), "clip " + number);
            assertArrayEquals(codes[0], NoteLanguage.write(piece), "language, piece " + number);
            assertEquals(codes[0].length, NoteLanguage.codes(piece), "codes of piece " + number);
        }
    }

    @Test
    void encodingWhatWasDecodedIsAFixedPoint() {
        RandomGenerator random = new RandomStreams(2).stream(RandomStreams.Purpose.SAMPLING);
        int withNotes = 0;
        for (int number = 0; number < 500; number++) {
            int[] codes = new int[random.nextInt(400)];
            // Some beyond both ends, END rarely, so that sequences are long.
            Arrays.setAll(codes, t -> random.nextInt(100) == 0 ? random.nextInt(-50, 500) : random.nextInt(1, 441));
            codes = number % 2 == 0 ? codes : moreBars(codes);
            Piece piece = codec.piece(new int[][] {codes});
            int[][] canonical = codec.encode(piece);
            assertEquals(piece, codec.piece(canonical), "sequence " + number);
            assertArrayEquals(canonical, codec.encode(codec.piece(canonical)), "sequence " + number);
            withNotes += piece.notes().isEmpty() ? 0 : 1;
        }
        assertTrue(withNotes > 300, "only " + withNotes + " sequences had notes");
    }

    @Test
    void everyCodeOfTheVocabularyIsWrittenForSomePiece() {
        boolean[] seen = new boolean[NoteVocabulary.size()];
        for (int number = 0; number < 3000; number++) {
            for (int code : codec.encode(RandomPieces.piece(number))[0]) {
                seen[code] = true;
            }
        }
        List<String> missing = new ArrayList<>();
        for (int code = 0; code < seen.length; code++) {
            if (!seen[code]) {
                missing.add(NoteVocabulary.describe(code));
            }
        }
        assertEquals(List.of(), missing);
    }

    @Test
    void mergesNotesOfTheSameKey() {
        Piece piece = new Piece(
                120,
                Meter.FOUR_FOUR,
                List.of(new Note(BASS, 5, 3, 40, 20), new Note(BASS, 5, 9, 40, 10), new Note(BASS, 5, 1, 40, 15)));
        // Velocity 20 lies in the bin of 16 to 23, whose code says 20.
        assertEquals(
                List.of(new Note(BASS, 5, 9, 40, 20)),
                NoteLanguage.quantised(piece).notes());
    }

    @Test
    void writesLongDurationsWithExtensionsAndCutsTheLongest() {
        // 100 = 4 + 48 + 48
        assertEquals(
                List.of("METER 4/4", "TEMPO 120", "BAR", "DURATION 4", "EXTEND", "EXTEND", "PITCH 60", "END"),
                describe(codec.encode(pianoNote(0, 100))));
        assertEquals(
                List.of(new Note(Instrument.PIANO, 0, 768, 60, 84)),
                NoteLanguage.quantised(pianoNote(0, 769)).notes());
        assertEquals(768, codec.piece(codec.encode(pianoNote(0, 769))).lengthTicks());
    }

    @Test
    void ignoresWhatMakesNoSense() {
        int bar = NoteVocabulary.codeOf(CodeKind.BAR, 0);
        int pitch = NoteVocabulary.codeOf(CodeKind.PITCH, 60);
        int position47 = NoteVocabulary.codeOf(CodeKind.POSITION, 47);
        int position40 = NoteVocabulary.codeOf(CodeKind.POSITION, 40);
        int threeFour = NoteVocabulary.codeOf(Meter.THREE_FOUR);
        int[] codes = {
            pitch,
            position47,
            999,
            -1,
            threeFour,
            bar,
            NoteVocabulary.codeOf(CodeKind.TEMPO, 60),
            position40,
            pitch,
            0,
            pitch
        };
        // No note before the first bar, no position beyond a bar of 36 ticks, no tempo after the first bar, nothing
        // after END.
        Piece expected = new Piece(120, Meter.THREE_FOUR, List.of(new Note(Instrument.PIANO, 0, 12, 60, 84)));
        assertEquals(expected, codec.piece(new int[][] {codes}));
    }

    @Test
    void countsFramesUpToTheEnd() {
        assertEquals(3, codec.validFrames(new int[][] {{1, 2, 0, 5, 0}}));
        assertEquals(4, codec.validFrames(new int[][] {{1, 2, 3, 4}}));
        assertEquals(0, codec.validFrames(new int[][] {{}}));
        assertEquals(OptionalInt.of(0), codec.endCode());
        assertThrows(IllegalArgumentException.class, () -> codec.validFrames(new int[][] {{1}, {2}}));
    }

    @Test
    void refusesPiecesOfTooManyBars() {
        assertEquals(
                1,
                codec.piece(codec.encode(pianoNote(4096 * 48 - 1, 1))).notes().size());
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> codec.encode(pianoNote(4096 * 48, 1)));
        assertEquals(
                "a note starts at tick 196608, but a piece in 4/4 may have at most 4096 bars (196608 ticks)",
                refusal.getMessage());
        int[] bars = new int[10_000];
        Arrays.fill(bars, NoteVocabulary.codeOf(CodeKind.BAR, 0));
        bars[9999] = NoteVocabulary.codeOf(CodeKind.PITCH, 60);
        assertEquals(4095 * 48, codec.piece(new int[][] {bars}).notes().get(0).onset());
    }

    private static Piece pianoNote(int onset, int duration) {
        return new Piece(120, Meter.FOUR_FOUR, List.of(new Note(Instrument.PIANO, onset, duration, 60, 84)));
    }

    private static List<String> describe(int[][] codes) {
        return Arrays.stream(codes[0]).mapToObj(NoteVocabulary::describe).toList();
    }

    private static int[] moreBars(int[] codes) {
        int[] result = codes.clone();
        for (int t = 0; t < result.length; t += 9) {
            result[t] = 1;
        }
        return result;
    }

    /** In 3/4 at 60 a tick lasts a twelfth of a second and a bar three seconds. */
    @Test
    void tellsTheMomentOfEveryCode() {
        Piece piece = new Piece(
                60,
                Meter.THREE_FOUR,
                List.of(new Note(Instrument.PIANO, 6, 12, 60, 84), new Note(Instrument.PIANO, 36, 12, 64, 84)));
        int[][] codes = codec.encode(piece);
        // METER, TEMPO, BAR, POSITION 6, PITCH, BAR, PITCH, END
        assertEquals(8, codes[0].length);
        assertArrayEquals(
                new double[] {0, 0, 0, 0.5, 0.5, 3, 3, 3}, codec.seconds(codes).orElseThrow(), 1e-12);
        int[][] backwards = {{codes[0][0], codes[0][1], codes[0][2], codes[0][3], codes[0][3] - 1, codes[0][4]}};
        assertArrayEquals(
                new double[] {0, 0, 0, 0.5, 0.5, 0.5}, codec.seconds(backwards).orElseThrow(), 1e-12);
    }
}
