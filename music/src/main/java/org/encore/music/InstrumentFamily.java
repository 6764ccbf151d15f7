package org.encore.music;

import java.util.Locale;

/** The sixteen families of General MIDI, eight programs each, and the percussion kit. */
public enum InstrumentFamily {
    PIANO,
    CHROMATIC_PERCUSSION,
    ORGAN,
    GUITAR,
    BASS,
    STRINGS,
    ENSEMBLE,
    BRASS,
    REED,
    PIPE,
    SYNTH_LEAD,
    SYNTH_PAD,
    SYNTH_EFFECTS,
    ETHNIC,
    PERCUSSIVE,
    SOUND_EFFECTS,
    DRUMS;

    /** The family in words, such as "synth lead". */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    static InstrumentFamily of(int program) {
        return values()[program / 8];
    }
}
