package org.encore.music.midi;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.encore.music.Piece;
import org.encore.music.files.AtomicFiles;
import org.encore.music.files.InvalidFileException;

/**
 * Reads standard MIDI files of format 0 and 1 as pieces, and writes pieces as format 1.
 *
 * <p>What reading keeps: notes with their program, channel 10 being the percussion kit; onsets and durations rounded to
 * the nearest tick, durations to at least 1; the tempo, averaged over the time from the first onset to the last end,
 * rounded and brought into [20, 300]; the first time signature, or 4/4. A time signature that
 * {@link org.encore.music.Meter} cannot express becomes the one with the nearest bar length, then the nearest unit, then
 * the fewest beats: 7/16 becomes 3/8. A note that is never released lasts to the end of its track. Notes of one key
 * that overlap in a track end in the order in which they began.
 *
 * <p>What it leaves out: pedals (a sustained note ends where its key is released), controllers, bends, lyrics, later
 * time signatures. Silence at the start stays.
 */
public final class MidiFiles {
    /** The longest file that is read, in bytes. */
    public static final int MAX_BYTES = 16 << 20;

    /** The most notes of a file. */
    public static final int MAX_NOTES = 200_000;

    /** The latest end of a note, in ticks: 87,381 bars of 4/4. */
    public static final int MAX_TICKS = 1 << 22;

    private MidiFiles() {}

    /**
     * Reads a file.
     *
     * @throws InvalidFileException if there is no such file or it is not a MIDI file that can be used
     * @throws IOException if reading fails
     */
    public static Piece read(Path file) throws IOException {
        return read(bytes(file), file);
    }

    /**
     * Reads a clip that somebody made up, a model perhaps: one without notes is silence, not a mistake.
     *
     * @throws InvalidFileException if there is no such file or it is not a MIDI file that can be used
     * @throws IOException if reading fails
     */
    public static Piece readClip(Path file) throws IOException {
        return piece(bytes(file), file, PieceAssembly::pieceOrSilence);
    }

    /**
     * Reads a stream to its end.
     *
     * @param name what messages call it
     * @throws InvalidFileException if this is not a MIDI file that can be used
     * @throws IOException if reading fails
     */
    public static Piece read(InputStream in, String name) throws IOException {
        return read(in.readNBytes(MAX_BYTES + 1), name);
    }

    /**
     * Reads bytes.
     *
     * @param name what messages call them
     * @throws InvalidFileException if this is not a MIDI file that can be used
     */
    public static Piece read(byte[] bytes, String name) {
        return read(bytes, Path.of(name));
    }

    /**
     * Writes a file, atomically.
     *
     * @throws IllegalArgumentException as {@link #toBytes}
     * @throws IOException if writing fails
     */
    public static void write(Path file, Piece piece) throws IOException {
        AtomicFiles.write(file, toBytes(piece));
    }

    /**
     * Writes a piece as the bytes of a MIDI file: one track an instrument, further ones for notes that overlap on the
     * same key.
     *
     * <p>There are channels for 15 instruments and the percussion kit; beyond that, instruments share channels and
     * change the program before each note, so a held note of one may change its sound in another player's hands, but
     * {@link #read} still finds the same piece.
     *
     * @throws IllegalArgumentException if the piece has more than {@link #MAX_NOTES} notes, lasts longer than
     *     {@link #MAX_TICKS} or repeats one note more than 4000 times at once
     */
    public static byte[] toBytes(Piece piece) {
        return SequenceAssembly.bytes(piece);
    }

    private static byte[] bytes(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new InvalidFileException(file, Files.exists(file) ? "is not a file" : "does not exist");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(MAX_BYTES + 1);
        }
    }

    private static Piece read(byte[] bytes, Path name) {
        return piece(bytes, name, PieceAssembly::piece);
    }

    /** What is made of the events of a file. */
    private interface Reading {
        Piece of(MidiEvents events) throws MalformedMidiException;
    }

    private static Piece piece(byte[] bytes, Path name, Reading reading) {
        if (bytes.length > MAX_BYTES) {
            throw new InvalidFileException(name, "is longer than " + MAX_BYTES + " bytes, the most for a MIDI file");
        }
        try {
            return reading.of(MidiParser.parse(bytes));
        } catch (MalformedMidiException e) {
            throw new InvalidFileException(name, e.getMessage(), e);
        }
    }
}
