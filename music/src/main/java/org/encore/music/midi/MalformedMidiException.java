package org.encore.music.midi;

/** What is wrong with a MIDI file whose name is not known here. */
final class MalformedMidiException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedMidiException(String problem) {
        super(problem);
    }
}
