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

/** A way to degrade music with a given strength. */
public sealed interface Degradation permits MusicalDegradation, AcousticDegradation {
    /** Its name in tables and files. */
    String name();

    /**
     * The amount of a strength.
     *
     * @param strength in [0, 1]
     * @return in the {@link #unit}
     */
    double amount(double strength);

    /** The unit of amounts, a few words. */
    String unit();

    /**
     * The amount that grows linearly from 0 to {@code most}.
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

        /** The degradations of notes. */
        public static List<MusicalDegradation> musical() {
            return List.of(new WrongNotes(), new StuckLoop(), new Gap(), new Clutter());
        }

        /** The degradations of sound. */
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
