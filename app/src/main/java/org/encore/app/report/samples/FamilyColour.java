package org.encore.app.report.samples;

import org.encore.music.InstrumentFamily;

/** The colour of each family of instruments; families that seldom meet share one. */
final class FamilyColour {
    private FamilyColour() {}

    /** The class of the style sheet that has the colour. */
    static String of(InstrumentFamily family) {
        return "c"
                + switch (family) {
                    case PIANO -> 0;
                    case GUITAR, ETHNIC -> 1;
                    case STRINGS -> 2;
                    case ORGAN, SYNTH_PAD -> 3;
                    case BASS -> 4;
                    case REED -> 5;
                    case PIPE, SYNTH_LEAD -> 6;
                    case DRUMS -> 7;
                    case ENSEMBLE, SYNTH_EFFECTS -> 8;
                    case BRASS -> 9;
                    case CHROMATIC_PERCUSSION, PERCUSSIVE, SOUND_EFFECTS -> 10;
                };
    }
}
