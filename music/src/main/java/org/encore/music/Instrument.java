package org.encore.music;

/**
 * A General MIDI instrument, or the percussion kit.
 *
 * @param program General MIDI program, 0 to 127; 128 is the percussion kit (MIDI channel 10)
 */
public record Instrument(int program) {
    /** The percussion kit, whose pitches are keys of the General MIDI percussion map. */
    public static final Instrument DRUMS = new Instrument(128);

    public static final Instrument PIANO = new Instrument(0);

    public Instrument {
        if (program < 0 || program > 128) {
            throw new IllegalArgumentException("program is " + program + ", but must lie in [0, 128]");
        }
    }

    public boolean isDrums() {
        return program == 128;
    }
}
