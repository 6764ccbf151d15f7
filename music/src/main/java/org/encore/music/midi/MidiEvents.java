package org.encore.music.midi;

import java.util.ArrayList;
import java.util.List;

/** What is kept of a MIDI file, in file order. */
final class MidiEvents {
    /** Pulses a quarter note. */
    final int resolution;

    final List<KeyPress> presses = new ArrayList<>();
    final List<Tempo> tempos = new ArrayList<>();
    final List<TimeSignature> timeSignatures = new ArrayList<>();
    final List<Program> programs = new ArrayList<>();

    MidiEvents(int resolution) {
        this.resolution = resolution;
    }

    /**
     * A note.
     *
     * @param on pulse at which the key goes down
     * @param off pulse at which it comes up
     * @param program the last program change of the same channel in the same track; its pulse is -1 if there is none
     */
    record KeyPress(long on, long off, int key, int velocity, Program program) {
        KeyPress released(long pulse) {
            return new KeyPress(on, pulse, key, velocity, program);
        }
    }

    record Tempo(long pulse, int microsecondsPerQuarter) {}

    /** A time signature whose unit is 2 to the power of {@code unitPower}. */
    record TimeSignature(long pulse, int beats, int unitPower) {}

    record Program(long pulse, int track, int channel, int program) {}

    /** Fails if the file holds more than any music would. */
    void requireReasonableSize() throws MalformedMidiException {
        if (presses.size() > MidiFiles.MAX_NOTES) {
            throw new MalformedMidiException("has more than " + MidiFiles.MAX_NOTES + " notes");
        }
        if (tempos.size() + timeSignatures.size() + programs.size() > MidiFiles.MAX_NOTES) {
            throw new MalformedMidiException(
                    "has more than " + MidiFiles.MAX_NOTES + " changes of tempo, time signature or program");
        }
    }
}
