package org.encore.music.midi;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.encore.music.Instrument;
import org.encore.music.Meter;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.midi.MidiEvents.KeyPress;
import org.encore.music.midi.MidiEvents.Program;
import org.encore.music.midi.MidiEvents.Tempo;
import org.encore.music.midi.MidiEvents.TimeSignature;

/** Makes a piece of the events of a file, as {@link MidiFiles} describes. */
final class PieceAssembly {
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

    /** The piece, or one at 120 in 4/4 if there is nothing to hear. */
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
                from + 1, events.presses.stream().mapToLong(KeyPress::off).max().orElseThrow());
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
