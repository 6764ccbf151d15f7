package org.encore.music.midi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import javax.sound.midi.InvalidMidiDataException;
import javax.sound.midi.MidiSystem;
import javax.sound.midi.Sequence;
import org.encore.base.files.InvalidFileException;
import org.encore.music.Instrument;
import org.encore.music.Meter;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.RandomPieces;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MidiFilesTest {
    private static final Instrument FLUTE = new Instrument(73);

    @Test
    void readingUndoesWriting() {
        int multiplexed = 0;
        for (int number = 0; number < 300; number++) {
            Piece piece = RandomPieces.piece(number);
            if (!piece.notes().isEmpty()) {
                assertEquals(piece, MidiFiles.read(MidiFiles.toBytes(piece), "piece"), "piece " + number);
                multiplexed +=
                        piece.notes().stream().map(Note::instrument).distinct().count() > 16 ? 1 : 0;
            }
        }
        assertTrue(multiplexed > 20, "only " + multiplexed + " pieces had more instruments than channels");
    }

    @Test
    void readingUndoesWritingOfManyEqualNotes() {
        Note note = new Note(FLUTE, 7, 5, 60, 90);
        Piece piece = new Piece(20, Meter.FOUR_FOUR, Collections.nCopies(2000, note));
        assertEquals(piece, MidiFiles.read(MidiFiles.toBytes(piece), "piece"));
    }

    @Test
    void everyTempoAndMeterSurvives() {
        for (int bpm = 20; bpm <= 300; bpm++) {
            Meter meter = new Meter(1 + bpm % 12, 2 << bpm % 3);
            Piece piece = new Piece(bpm, meter, List.of(new Note(FLUTE, 1000, 1, 0, 1)));
            assertEquals(piece, MidiFiles.read(MidiFiles.toBytes(piece), "piece"));
        }
    }

    @Test
    void writesWhatTheReaderOfTheJdkUnderstands() throws InvalidMidiDataException, IOException {
        Piece piece = new Piece(
                120,
                Meter.FOUR_FOUR,
                List.of(
                        new Note(FLUTE, 0, 24, 60, 90),
                        new Note(FLUTE, 12, 24, 60, 90),
                        new Note(Instrument.DRUMS, 96, 12, 36, 90)));
        byte[] bytes = MidiFiles.toBytes(piece);
        Sequence sequence = MidiSystem.getSequence(new ByteArrayInputStream(bytes));
        // The tempo's track, two for the overlapping notes of the flute, one for the drums.
        assertEquals(4, sequence.getTracks().length);
        // Nine quarter notes at 120 a minute.
        assertEquals(4_500_000L, sequence.getMicrosecondLength());
    }

    @Test
    void writesAndReadsFiles(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("deep").resolve("a.mid");
        Piece piece = RandomPieces.piece(3);
        MidiFiles.write(file, piece);
        assertEquals(piece, MidiFiles.read(file));
        assertEquals(piece, MidiFiles.read(new ByteArrayInputStream(Files.readAllBytes(file)), "stream"));
    }

    @Test
    void readsFilesWrappedInRiff() {
        Piece piece = RandomPieces.piece(3);
        byte[] midi = MidiFiles.toBytes(piece);
        ByteBuffer riff = ByteBuffer.allocate(midi.length + 32).order(ByteOrder.LITTLE_ENDIAN);
        riff.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(24 + midi.length);
        riff.put("RMIDLIST".getBytes(StandardCharsets.US_ASCII)).putInt(3).putInt(0);
        riff.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(midi.length).put(midi);
        assertEquals(piece, MidiFiles.read(riff.array(), "wrapped.rmi"));
        byte[] hollow = Arrays.copyOf(riff.array(), 24);
        assertThrows(InvalidFileException.class, () -> MidiFiles.read(hollow, "hollow.rmi"));
        assertTrue(MidiFiles.isMidi(Path.of("A.RMI")) && !MidiFiles.isMidi(Path.of("a.wav")));
    }

    @Test
    void refusesToWriteWhatCouldNotBeReadBack() {
        Piece endless = new Piece(120, Meter.FOUR_FOUR, List.of(new Note(FLUTE, Integer.MAX_VALUE, 9, 60, 90)));
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> MidiFiles.toBytes(endless));
        assertEquals("a note ends at tick 2147483656, but the last allowed is 4194304", refusal.getMessage());
        Piece crowded = new Piece(
                120, Meter.FOUR_FOUR, Collections.nCopies(MidiFiles.MAX_NOTES + 1, new Note(FLUTE, 0, 1, 60, 90)));
        assertThrows(IllegalArgumentException.class, () -> MidiFiles.toBytes(crowded));
        Piece stacked = new Piece(120, Meter.FOUR_FOUR, Collections.nCopies(4001, new Note(FLUTE, 0, 1, 60, 90)));
        assertThrows(IllegalArgumentException.class, () -> MidiFiles.toBytes(stacked));
    }

    @Test
    void roundsToTicks() {
        // 100 pulses a quarter note: a tick is 8.33 pulses. Note on at 12 (1.44 ticks), off after 3 (0.36 ticks);
        // again at 15 + 14 = 29 (3.48 ticks), off after 21 (2.52 ticks).
        byte[] track = MidiBytes.track(12, 0x90, 60, 80, 3, 0x80, 60, 0, 14, 0x90, 62, 80, 21, 62, 0, 0, 0xFF, 0x2F, 0);
        assertEquals(
                List.of(new Note(Instrument.PIANO, 1, 1, 60, 80), new Note(Instrument.PIANO, 3, 3, 62, 80)),
                read(0, 100, track).notes());
    }

    @Test
    void followsProgramChangesOfItsChannelOnly() {
        byte[] track = MidiBytes.track(
                0, 0xC1, 73, 0, 0x91, 60, 80, 0, 0x90, 60, 70, 0, 0x99, 38, 60, // flute, piano, snare
                12, 0x81, 60, 0, 0, 0x80, 60, 0, 0, 0x89, 38, 0, 0, 0xC1, 40, 0, 0x91, 60, 80, 12, 0x81, 60, 0);
        assertEquals(
                List.of(
                        new Note(Instrument.PIANO, 0, 12, 60, 70),
                        new Note(FLUTE, 0, 12, 60, 80),
                        new Note(Instrument.DRUMS, 0, 12, 38, 60),
                        new Note(new Instrument(40), 12, 12, 60, 80)),
                read(0, 12, track).notes());
    }

    @Test
    void takesProgramsFromOtherTracksToo() {
        byte[] notes = MidiBytes.track(0, 0x93, 60, 80, 12, 60, 0, 0, 62, 80, 12, 62, 0);
        byte[] setup = MidiBytes.track(0, 0xC3, 73, 12, 0xC3, 40);
        assertEquals(
                List.of(new Note(FLUTE, 0, 12, 60, 80), new Note(new Instrument(40), 12, 12, 62, 80)),
                read(1, 12, notes, setup).notes());
    }

    @Test
    void endsOverlappingNotesOfAKeyInTheirOrder() {
        // Down at 0 and 3, up at 5 and 9; a third is never released, the track ends at 20.
        byte[] track = MidiBytes.track(0, 0x90, 60, 1, 3, 60, 2, 2, 60, 0, 4, 60, 0, 1, 60, 3, 10, 0xFF, 0x2F, 0);
        assertEquals(
                List.of(
                        new Note(Instrument.PIANO, 0, 5, 60, 1),
                        new Note(Instrument.PIANO, 3, 6, 60, 2),
                        new Note(Instrument.PIANO, 10, 10, 60, 3)),
                read(0, 12, track).notes());
    }

    @Test
    void averagesTheTempoOverTheTimeOfTheNotes() {
        // 60 until pulse 24, then 120; the note lasts from 12 to 60: 12 pulses at 60, 36 at 120 (12 a quarter note).
        // One second, then one and a half: four quarter notes in 2.5 seconds are 96 a minute.
        byte[] tempos = MidiBytes.track(0, 0xFF, 0x51, 3, 0x0F, 0x42, 0x40, 24, 0xFF, 0x51, 3, 0x07, 0xA1, 0x20);
        byte[] notes = MidiBytes.track(12, 0x90, 60, 80, 48, 60, 0);
        assertEquals(96, read(1, 12, tempos, notes).tempoBpm());
        assertEquals(120, read(0, 12, notes).tempoBpm());
    }

    @Test
    void bringsTemposIntoTheRange() {
        byte[] notes = MidiBytes.track(12, 0x90, 60, 80, 48, 60, 0);
        assertEquals(
                300,
                read(1, 12, MidiBytes.track(0, 0xFF, 0x51, 3, 0, 0, 1), notes).tempoBpm());
        assertEquals(
                20,
                read(1, 12, MidiBytes.track(0, 0xFF, 0x51, 3, 0xFF, 0xFF, 0xFF), notes)
                        .tempoBpm());
        assertEquals(
                120,
                read(1, 12, MidiBytes.track(0, 0xFF, 0x51, 3, 0, 0, 0), notes).tempoBpm());
    }

    @Test
    void takesTheFirstTimeSignatureOrTheNearest() {
        assertEquals(new Meter(6, 8), meter(6, 3));
        // 7/16 lasts 21 ticks; 3/8 (18) and 2/4 (24) are equally near, an eighth is nearer to a sixteenth.
        assertEquals(new Meter(3, 8), meter(7, 4));
        // 12/16 lasts 36 ticks.
        assertEquals(new Meter(6, 8), meter(12, 4));
        // 4/1 lasts 192 ticks, as 8/2 does.
        assertEquals(new Meter(8, 2), meter(4, 0));
        // These mean nothing, so the 5/4 that follows counts.
        assertEquals(new Meter(5, 4), meter(0, 2));
        assertEquals(new Meter(5, 4), meter(4, 255));
        assertEquals(
                Meter.FOUR_FOUR,
                read(0, 12, MidiBytes.track(0, 0x90, 60, 80, 12, 60, 0)).meter());
    }

    @Test
    void namesMissingFiles(@TempDir Path directory) {
        Path missing = directory.resolve("missing.mid");
        InvalidFileException problem = assertThrows(InvalidFileException.class, () -> MidiFiles.read(missing));
        assertEquals(missing + ": does not exist", problem.getMessage());
        problem = assertThrows(InvalidFileException.class, () -> MidiFiles.read(directory));
        assertEquals(directory + ": is not a file", problem.getMessage());
    }

    private static Meter meter(int beats, int unitPower) {
        List<Integer> values = new ArrayList<>(List.of(0, 0xFF, 0x58, 4, beats, unitPower, 24, 8));
        values.addAll(List.of(0, 0x90, 60, 80, 12, 60, 0, 0, 0xFF, 0x58, 4, 5, 2, 24, 8));
        return read(0, 12, MidiBytes.track(values.stream().mapToInt(i -> i).toArray()))
                .meter();
    }

    private static Piece read(int format, int division, byte[]... tracks) {
        return MidiFiles.read(MidiBytes.file(format, division, tracks), "test");
    }
}
