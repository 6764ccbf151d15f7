package org.encore.music.audio.synthesis;

/** The simplest filters there are. */
final class Filters {
    private Filters() {}

    /** The factor {@code a} of {@code y += a (x - y)}, a low pass with its corner at a frequency in Hz. */
    static double onePoleFactor(double hertz, int sampleRate) {
        return 1.0 - StrictMath.exp(-2.0 * StrictMath.PI * hertz / sampleRate);
    }

    /** The factor by which something falls in a step if it falls to 1/e in a time in seconds. */
    static double decayFactor(double seconds, double stepSeconds) {
        return seconds <= 0.0 ? 0.0 : StrictMath.exp(-stepSeconds / seconds);
    }
}
