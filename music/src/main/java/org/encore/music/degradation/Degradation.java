package org.encore.music.degradation;

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
}
