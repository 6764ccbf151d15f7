package org.encore.music.midi;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.InvalidFileException;
import org.encore.music.Instrument;
import org.encore.music.Meter;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.midi.MidiParser.MalformedMidiException;
import org.encore.music.midi.MidiParser.MidiEvents;
import org.encore.music.midi.MidiParser.MidiEvents.KeyPress;
import org.encore.music.midi.MidiParser.MidiEvents.Program;
import org.encore.music.midi.MidiParser.MidiEvents.Tempo;
import org.encore.music.midi.MidiParser.MidiEvents.TimeSignature;

/**
 * Reads standard MIDI files of format 0 and 1 as pieces, and writes pieces as format 1. A MIDI file inside of a RIFF file
 * (RMID, .rmi) is read like one that stands alone.
 *
 * <p>Reading keeps: notes with their program, channel 10 being the percussion kit; onsets and durations rounded to
 * the nearest tick, durations to at least 1; the tempo, averaged over the time from the first onset to the last end,
 * rounded and brought into [20, 300]; the first time signature, or 4/4. A time signature that
 * {@link org.encore.music.Meter} cannot express becomes the one with the nearest bar length, then the nearest unit, then
 * the fewest beats: 7/16 becomes 3/8. A note that is never released lasts to the end of its track. Notes of one key
 * that overlap in a track end in the order in which they began.
 *
 * <p>It leaves out: pedals (a sustained note ends where its key is released), controllers, bends, lyrics, later
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

    /** Whether the name is that of a MIDI file: it ends in .mid, .midi or .rmi. */
    public static boolean isMidi(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".mid") || name.endsWith(".midi") || name.endsWith(".rmi");
    }

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
     * Reads a clip that may have been generated: a file without notes is silence, not an error.
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
     * @param name the name in messages
     * @throws InvalidFileException if this is not a MIDI file that can be used
     * @throws IOException if reading fails
     */
    public static Piece read(InputStream in, String name) throws IOException {
        return read(in.readNBytes(MAX_BYTES + 1), name);
    }

    /**
     * Reads bytes.
     *
     * @param name the name in messages
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
     * change the program before each note, so a held note may change its sound, but {@link #read} still returns the same piece.
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

    /** Converts the events of a file to a piece. */
    private interface Reading {
        Piece of(MidiEvents events) throws MalformedMidiException;
    }

    private static Piece piece(byte[] bytes, Path name, Reading reading) {
        if (bytes.length > MAX_BYTES) {
            throw new InvalidFileException(name, "is longer than " + MAX_BYTES + " bytes, the most for a MIDI file");
        }
        try {
            return reading.of(MidiParser.parse(unwrapped(bytes)));
        } catch (MalformedMidiException e) {
            throw new InvalidFileException(name, e.getMessage(), e);
        }
    }

    /** The content of the chunk data of a RIFF file of kind RMID; all else as it is. */
    private static byte[] unwrapped(byte[] bytes) {
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (!isWord(bytes, 0, "RIFF") || !isWord(bytes, 8, "RMID")) {
            return bytes;
        }
        long at = 12;
        while (at + 8 <= bytes.length) {
            long length = Integer.toUnsignedLong(file.getInt((int) at + 4));
            if (isWord(bytes, (int) at, "data")) {
                return Arrays.copyOfRange(bytes, (int) at + 8, (int) Math.min(bytes.length, at + 8 + length));
            }
            at += 8 + length + length % 2;
        }
        return bytes;
    }

    private static boolean isWord(byte[] bytes, int at, String word) {
        return at + 4 <= bytes.length && new String(bytes, at, 4, StandardCharsets.US_ASCII).equals(word);
    }

    /** Converts the events of a file to a piece, as {@link MidiFiles} describes. */
    static final class PieceAssembly {
        private static final int PERCUSSION_CHANNEL = 9;
        private static final int MICROSECONDS_AT_120 = 500_000;
        private static final int[] UNITS = {8, 4, 2};

        private final MidiEvents events;

        /** Program changes of all tracks: channel, then pulse; of several at once the last in file order. */
        private final List<TreeMap<Long, Program>> programs = new ArrayList<>();

        private PieceAssembly(MidiEvents events) {
            this.events = events;
            for (int channel = 0; channel < 16; channel++) {
                programs.add(new TreeMap<>());
            }
            for (Program change : events.programs) {
                programs.get(change.channel()).put(change.pulse(), change);
            }
        }

        /** The piece; without notes, an empty one at 120 in 4/4. */
        static Piece pieceOrSilence(MidiEvents events) throws MalformedMidiException {
            return events.presses.isEmpty() ? new Piece(120, Meter.FOUR_FOUR, List.of()) : piece(events);
        }

        static Piece piece(MidiEvents events) throws MalformedMidiException {
            if (events.presses.isEmpty()) {
                throw new MalformedMidiException("has no notes");
            }
            PieceAssembly assembly = new PieceAssembly(events);
            List<Note> notes = new ArrayList<>(events.presses.size());
            for (KeyPress press : events.presses) {
                notes.add(assembly.note(press));
            }
            return new Piece(assembly.tempoBpm(), assembly.meter(), notes);
        }

        private Note note(KeyPress press) throws MalformedMidiException {
            long onset = ticks(press.on());
            long duration = Math.max(1, ticks(press.off() - press.on()));
            if (onset + duration > MidiFiles.MAX_TICKS) {
                throw new MalformedMidiException("lasts " + (onset + duration) / Piece.TICKS_PER_QUARTER
                        + " quarter notes, but may last at most " + MidiFiles.MAX_TICKS / Piece.TICKS_PER_QUARTER);
            }
            return new Note(instrument(press), (int) onset, (int) duration, press.key(), press.velocity());
        }

        /** The latest change wins; at the same pulse the own track's. Changes after the note in its track do not count. */
        private Instrument instrument(KeyPress press) {
            Program own = press.program();
            if (own.channel() == PERCUSSION_CHANNEL) {
                return Instrument.DRUMS;
            }
            TreeMap<Long, Program> changes = programs.get(own.channel());
            Map.Entry<Long, Program> latest = changes.floorEntry(press.on());
            if (latest != null && latest.getValue().track() == own.track() && latest.getKey() > own.pulse()) {
                latest = changes.lowerEntry(latest.getKey());
            }
            boolean elsewhere = latest != null && latest.getKey() > own.pulse();
            return new Instrument(elsewhere ? latest.getValue().program() : own.program());
        }

        private long ticks(long pulses) {
            return (2 * Piece.TICKS_PER_QUARTER * pulses + events.resolution) / (2L * events.resolution);
        }

        /** Quarter notes divided by minutes, from the first onset to the last release. */
        private int tempoBpm() {
            long from = events.presses.stream().mapToLong(KeyPress::on).min().orElseThrow();
            long to = Math.max(
                    from + 1,
                    events.presses.stream().mapToLong(KeyPress::off).max().orElseThrow());
            List<Tempo> tempos = events.tempos.stream()
                    .filter(tempo -> tempo.microsecondsPerQuarter() > 0)
                    .sorted(Comparator.comparingLong(Tempo::pulse))
                    .toList();
            double weighted = 0.0;
            long here = from;
            int current = MICROSECONDS_AT_120;
            for (Tempo tempo : tempos) {
                long next = Math.min(Math.max(tempo.pulse(), from), to);
                weighted += (double) (next - here) * current;
                here = next;
                current = tempo.microsecondsPerQuarter();
            }
            weighted += (double) (to - here) * current;
            long bpm = Math.round(60e6 * (to - from) / weighted);
            return (int) Math.max(20, Math.min(300, bpm));
        }

        private Meter meter() {
            return events.timeSignatures.stream()
                    .filter(signature -> signature.beats() > 0 && signature.unitPower() <= 8)
                    .min(Comparator.comparingLong(TimeSignature::pulse))
                    .map(PieceAssembly::nearest)
                    .orElse(Meter.FOUR_FOUR);
        }

        private static Meter nearest(TimeSignature signature) {
            double ticks = 4.0 * Piece.TICKS_PER_QUARTER * signature.beats() / (1 << signature.unitPower());
            Meter best = Meter.FOUR_FOUR;
            double least = Double.POSITIVE_INFINITY;
            for (int unit : UNITS) {
                for (int beats = 1; beats <= 12; beats++) {
                    Meter candidate = new Meter(beats, unit);
                    int unitSteps = Math.abs(Integer.numberOfTrailingZeros(unit) - signature.unitPower());
                    // Bar lengths differ by at least half of 1/256 note, 0.09 ticks; ten unit steps weigh less.
                    double distance = Math.abs(candidate.ticksPerBar() - ticks) + 0.001 * unitSteps;
                    if (distance < least) {
                        least = distance;
                        best = candidate;
                    }
                }
            }
            return best;
        }
    }
}
