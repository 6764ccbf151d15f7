package org.encore.music.text;

import org.encore.music.Instrument;

/** An instrument a caption can ask for; every General MIDI program has a nearest one. */
public enum Timbre {
    PIANO(0),
    MUSIC_BOX(10),
    MARIMBA(12),
    ORGAN(19),
    GUITAR(24),
    BASS(32),
    VIOLIN(40),
    CELLO(42),
    HARP(46),
    TRUMPET(56),
    SAXOPHONE(65),
    CLARINET(71),
    FLUTE(73),
    DRUMS(128);

    private final int program;

    Timbre(int program) {
        this.program = program;
    }

    /** The General MIDI instrument that plays it. */
    public Instrument instrument() {
        return new Instrument(program);
    }

    /** The constant nearest to an instrument, by its General MIDI family. */
    public static Timbre nearest(Instrument instrument) {
        if (instrument.isDrums()) {
            return DRUMS;
        }
        int program = instrument.program();
        return switch (program / 8) {
            case 0, 11 -> PIANO;
            case 1 -> program < 11 ? MUSIC_BOX : MARIMBA;
            case 2 -> ORGAN;
            case 3 -> GUITAR;
            case 4 -> BASS;
            case 5 -> nearestString(program);
            case 6 -> program < 52 ? VIOLIN : ORGAN;
            case 7 -> TRUMPET;
            case 8 -> program < 68 ? SAXOPHONE : CLARINET;
            case 9 -> FLUTE;
            case 10 -> program % 2 == 0 ? CLARINET : SAXOPHONE;
            case 12 -> ORGAN;
            case 13 -> program == 108 ? MARIMBA : GUITAR;
            default -> DRUMS;
        };
    }

    private static Timbre nearestString(int program) {
        return switch (program) {
            case 40, 41, 44 -> VIOLIN;
            case 42 -> CELLO;
            case 43 -> BASS;
            case 45, 46 -> HARP;
            default -> DRUMS;
        };
    }
}
