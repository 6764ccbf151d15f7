package org.encore.music;

import java.util.Comparator;

/**
 * A note: instrument, onset, duration, pitch and velocity.
 *
 * @param instrument the instrument that plays it
 * @param onset start in ticks from the beginning of the piece ({@link Piece#TICKS_PER_QUARTER} a quarter note), at least 0
 * @param duration length in ticks, at least 1
 * @param pitch MIDI key number, 0 to 127; for {@link Instrument#DRUMS} the key of the General MIDI percussion map
 * @param velocity MIDI velocity, 1 to 127
 */
public record Note(Instrument instrument, int onset, int duration, int pitch, int velocity)
        implements Comparable<Note> {
    private static final Comparator<Note> ORDER = Comparator.comparingInt(Note::onset)
            .thenComparingInt(n -> n.instrument.program())
            .thenComparingInt(Note::pitch)
            .thenComparingInt(Note::duration)
            .thenComparingInt(Note::velocity);

    public Note {
        requireRange("onset", onset, 0, Integer.MAX_VALUE);
        requireRange("duration", duration, 1, Integer.MAX_VALUE);
        requireRange("pitch", pitch, 0, 127);
        requireRange("velocity", velocity, 1, 127);
    }

    /** The first tick after the note. */
    public int end() {
        return onset + duration;
    }

    /** Orders by onset, then instrument, pitch, duration and velocity. */
    @Override
    public int compareTo(Note other) {
        return ORDER.compare(this, other);
    }

    private static void requireRange(String name, int value, int low, int high) {
        if (value < low || value > high) {
            throw new IllegalArgumentException(name + " is " + value + ", but must lie in [" + low + ", " + high + "]");
        }
    }
}
