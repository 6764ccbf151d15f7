package org.encore.music.degradation;

import java.util.List;
import java.util.stream.Stream;
import org.encore.music.degradation.AcousticDegradation.Clipping;
import org.encore.music.degradation.AcousticDegradation.Dropouts;
import org.encore.music.degradation.AcousticDegradation.Noise;
import org.encore.music.degradation.AcousticDegradation.Wow;
import org.encore.music.degradation.MusicalDegradation.Clutter;
import org.encore.music.degradation.MusicalDegradation.Gap;
import org.encore.music.degradation.MusicalDegradation.StuckLoop;
import org.encore.music.degradation.MusicalDegradation.WrongNotes;

/** A way to spoil music, by a strength that can be chosen. */
public sealed interface Degradation permits MusicalDegradation, AcousticDegradation {
    /** Its name in tables and files. */
    String name();

    /**
     * What a strength means.
     *
     * @param strength in [0, 1]
     * @return in the {@link #unit}
     */
    double amount(double strength);

    /** What amounts are counted in, a few words. */
    String unit();

    /**
     * The amount that grows evenly from none to the most.
     *
     * @throws IllegalArgumentException if the strength is not in [0, 1]
     */
    static double proportion(double most, double strength) {
        requireStrength(strength);
        return most * strength;
    }

    /**
     * Checks a strength.
     *
     * @throws IllegalArgumentException if it is not in [0, 1]
     */
    static void requireStrength(double strength) {
        if (!(strength >= 0.0 && strength <= 1.0)) {
            throw new IllegalArgumentException("strength is " + strength + ", but must lie in [0, 1]");
        }
    }

    /** All degradations by name. */
    final class Degradations {
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
}
