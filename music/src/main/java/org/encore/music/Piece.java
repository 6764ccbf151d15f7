package org.encore.music;

import java.util.List;

/**
 * A piece of music: one tempo, one metre, notes in canonical order.
 *
 * @param tempoBpm quarter notes a minute, 20 to 300
 * @param meter time signature of every bar; bar 0 starts at tick 0
 * @param notes the notes, kept sorted by {@link Note#compareTo}
 */
public record Piece(int tempoBpm, Meter meter, List<Note> notes) {
    /** The time grid: sixteenths are 3 ticks, eighth triplets 4. */
    public static final int TICKS_PER_QUARTER = 12;

    public Piece {
        if (tempoBpm < 20 || tempoBpm > 300) {
            throw new IllegalArgumentException("tempoBpm is " + tempoBpm + ", but must lie in [20, 300]");
        }
        notes = notes.stream().sorted().toList();
    }

    /** The tick at which the last note ends; 0 without notes. */
    public int lengthTicks() {
        return notes.stream().mapToInt(Note::end).max().orElse(0);
    }

    /** The notes that start before a tick, cut off at that tick. */
    public Piece until(int end) {
        return new Piece(
                tempoBpm,
                meter,
                notes.stream()
                        .filter(note -> note.onset() < end)
                        .map(note -> new Note(
                                note.instrument(),
                                note.onset(),
                                Math.min(note.duration(), end - note.onset()),
                                note.pitch(),
                                note.velocity()))
                        .toList());
    }

    /** Length of a tick in seconds. */
    public double secondsPerTick() {
        return 60.0 / tempoBpm / TICKS_PER_QUARTER;
    }

    /** The time at which the last note ends, in seconds; 0 without notes. */
    public double seconds() {
        return lengthTicks() * secondsPerTick();
    }
}
