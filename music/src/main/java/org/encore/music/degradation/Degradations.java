package org.encore.music.degradation;

import java.util.List;
import java.util.stream.Stream;

/** All degradations by name. */
public final class Degradations {
    private Degradations() {}

    /** Those of notes. */
    public static List<MusicalDegradation> musical() {
        return List.of(new WrongNotes(), new StuckLoop(), new Gap(), new Clutter());
    }

    /** Those of sound. */
    public static List<AcousticDegradation> acoustic() {
        return List.of(new Noise(), new Clipping(), new Dropouts(), new Wow());
    }

    /** Every degradation, those of notes first: the order is part of the random streams. */
    public static List<Degradation> all() {
        return Stream.<Degradation>concat(musical().stream(), acoustic().stream())
                .toList();
    }
}
