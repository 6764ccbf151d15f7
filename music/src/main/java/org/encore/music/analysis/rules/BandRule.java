package org.encore.music.analysis.rules;

import org.encore.music.text.Attributes.Density;
import org.encore.music.text.Attributes.TempoBand;

/**
 * A range of a quantity: the score is 1 inside and falls linearly to 0 outside.
 *
 * @param low lower end
 * @param high upper end
 * @param tolerance distance outside the range at which the score reaches 0
 */
public record BandRule(double low, double high, double tolerance) {
    /** Quarter notes a minute; the bands meet half way between the tempos of the études. */
    public static BandRule of(TempoBand band) {
        return switch (band) {
            case SLOW -> new BandRule(20.0, 90.0, 25.0);
            case MEDIUM -> new BandRule(90.0, 129.0, 25.0);
            case FAST -> new BandRule(129.0, 301.0, 25.0);
        };
    }

    /** Onsets a quarter note. */
    public static BandRule of(Density density) {
        return switch (density) {
            case SPARSE -> new BandRule(0.0, 1.25, 0.5);
            case MEDIUM -> new BandRule(1.25, 2.25, 0.5);
            case DENSE -> new BandRule(2.25, 13.0, 0.5);
        };
    }

    /** The score of a value, in [0, 1]. */
    public double score(double value) {
        double outside = Math.max(Math.max(low - value, value - high), 0.0);
        return Math.max(0.0, 1.0 - outside / tolerance);
    }

    /** Whether a value lies inside; the upper end belongs to the next band. */
    public boolean contains(double value) {
        return value >= low && value < high;
    }

    /** 0 at one value, 1 at the other, linear between, constant beyond. */
    static double ramp(double value, double atZero, double atOne) {
        return Math.max(0.0, Math.min(1.0, (value - atZero) / (atOne - atZero)));
    }
}
