package org.encore.music.midi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.encore.base.files.InvalidFileException;
import org.encore.base.random.RandomStreams;
import org.encore.music.Piece;
import org.encore.music.RandomPieces;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class HostileMidiTest {
    private static final byte[] ONE_NOTE = MidiBytes.track(0, 0x90, 60, 80, 12, 60, 0);

    @Test
    void saysWhatIsWrong() {
        assertProblem("is not a MIDI file: it does not begin with an MThd header", new byte[0]);
        assertProblem("is not a MIDI file: it does not begin with an MThd header", new byte[100]);
        assertProblem("has no notes", MidiBytes.file(1, 480, MidiBytes.track(0, 0xFF, 0x2F, 0)));
        assertProblem("has no notes", MidiBytes.file(1, 480));
        assertProblem("has MIDI format 2, but only 0 and 1 can be read", MidiBytes.file(2, 480, ONE_NOTE));
        assertProblem("has 0 pulses per quarter note, but needs at least 1", MidiBytes.file(0, 0, ONE_NOTE));
        assertProblem(
                "counts time in film frames (SMPTE), but only pulses per quarter note can be read",
                MidiBytes.file(0, 0xE728, ONE_NOTE));
    }

    @Test
    void saysWhereATrackIsDamaged() {
        assertTrackProblem("is damaged: track 1 ends in the middle of an event", 0, 0x90, 60);
        assertTrackProblem("is damaged: track 1 has, before byte 24, data where an event should begin", 0, 60, 80);
        assertTrackProblem(
                "is damaged: track 1 has, before byte 25, the status 80 where data should be", 0, 0x90, 0x80, 60, 0);
        assertTrackProblem(
                "is damaged: track 1 has, before byte 24, the status f8, which has no place in a file", 0, 0xF8, 0);
        assertTrackProblem(
                "is damaged: track 1 has, before byte 26, a number of more than four bytes",
                0x80,
                0x80,
                0x80,
                0x80,
                0,
                0x90);
    }

    @Test
    void trustsNoLength() {
        assertTrackProblem(
                "is damaged: track 1 has, before byte 29, an event of 268435455 bytes, but its track has only 1 more",
                0,
                0xFF,
                0x01,
                0xFF,
                0xFF,
                0xFF,
                0x7F,
                0);
        byte[] file = MidiBytes.file(0, 480, ONE_NOTE);
        file[18] = (byte) 0xFF; // the first byte of the track's length
        assertProblem("is cut off: the chunk at byte 14 claims 4278190087 bytes, but only 7 follow", file);
        byte[] header = MidiBytes.file(0, 480, ONE_NOTE);
        header[4] = (byte) 0xFF;
        assertProblem("has a header of 4278190086 bytes, but a MIDI header has 6 and the file 29", header);
    }

    @Test
    void refusesFilesThatAreTooLarge() {
        assertProblem("is longer than 16777216 bytes, the most for a MIDI file", new byte[MidiFiles.MAX_BYTES + 1]);
        assertTrackProblem("has more than 200000 notes", repeat(new int[] {0, 0x90, 60, 80}, 200_001));
        assertTrackProblem(
                "has more than 200000 changes of tempo, time signature or program",
                repeat(new int[] {0, 0xFF, 0x51, 3, 7, 8, 9}, 200_001));
    }

    @Test
    void refusesPiecesThatLastForever() {
        int[] wait = {0xFF, 0xFF, 0xFF, 0x7F, 0x90, 60, 80, 0, 60, 0};
        // 268,435,455 pulses of one a quarter note; the note lasts a tick more.
        byte[] file = MidiBytes.file(0, 1, MidiBytes.track(wait));
        assertProblem("lasts 268435455 quarter notes, but may last at most 349525", file);
        int[] silence = repeat(new int[] {0xFF, 0xFF, 0xFF, 0x7F, 0xB0, 7, 7}, 100_000);
        assertTrackProblem("has no notes", silence);
    }

    @Test
    void damagedFilesNeverFailInAnyOtherWay() {
        RandomGenerator random = new RandomStreams(3).stream(RandomStreams.Purpose.SAMPLING);
        byte[] original = MidiFiles.toBytes(RandomPieces.piece(5));
        int read = 0;
        int refused = 0;
        for (int i = 0; i < 3000; i++) {
            byte[] bytes = Arrays.copyOf(original, i % 3 == 0 ? random.nextInt(original.length) : original.length);
            for (int damage = i % 4; damage > 0 && bytes.length > 0; damage--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                Piece piece = MidiFiles.read(bytes, "damaged");
                read += piece.notes().isEmpty() ? 0 : 1;
            } catch (InvalidFileException e) {
                refused++;
                assertTrue(
                        e.getMessage().startsWith("damaged: ")
                                && !e.getMessage().contains("\n"),
                        e.getMessage());
            }
        }
        assertTrue(read > 500 && refused > 500, read + " read, " + refused + " refused");
    }

    private static int[] repeat(int[] pattern, int times) {
        int[] result = new int[pattern.length * times];
        Arrays.setAll(result, i -> pattern[i % pattern.length]);
        return result;
    }

    private static void assertTrackProblem(String problem, int... track) {
        assertProblem(problem, MidiBytes.file(0, 480, MidiBytes.track(track)));
    }

    private static void assertProblem(String problem, byte[] file) {
        InvalidFileException e = Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> assertThrows(InvalidFileException.class, () -> MidiFiles.read(file, "bad.mid")));
        assertEquals("bad.mid: " + problem, e.getMessage());
    }
}
