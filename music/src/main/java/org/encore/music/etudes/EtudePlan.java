package org.encore.music.etudes;

import java.util.List;
import org.encore.music.Meter;
import org.encore.music.etudes.idiom.ScaleKind;
import org.encore.music.text.Attributes;
import org.encore.music.text.Timbre;

/**
 * What is decided before a note is written.
 *
 * @param truth every attribute, as a caption may mention it
 * @param tempoBpm quarter notes a minute, one that has a code
 * @param scale the scale
 * @param tonic pitch class of the tonic, 0 to 11
 * @param bars length in bars, the last of which holds one chord; at least 3
 */
record EtudePlan(Attributes truth, int tempoBpm, ScaleKind scale, int tonic, int bars) {
    EtudePlan {
        if (bars < 3) {
            throw new IllegalArgumentException("bars is " + bars + ", but must be at least 3");
        }
    }

    /** The time signature. */
    Meter meter() {
        return truth.meter().orElseThrow().meter();
    }

    /** Who plays, without the drums. */
    List<Timbre> pitched() {
        return truth.instruments().stream()
                .filter(timbre -> timbre != Timbre.DRUMS)
                .toList();
    }

    /** Length of the whole piece in seconds. */
    double seconds() {
        return bars * secondsPerBar(tempoBpm, meter());
    }

    /** The same plan in fewer or more bars. */
    EtudePlan withBars(int count) {
        return new EtudePlan(truth, tempoBpm, scale, tonic, count);
    }

    /** Length of a bar in seconds. */
    static double secondsPerBar(int tempoBpm, Meter meter) {
        return meter.beats() * 60.0 / tempoBpm;
    }
}
