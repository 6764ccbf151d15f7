package org.encore.music.audio.synthesis;

import java.util.List;

/** What a layer of a timbre is made of: a loop that is read at the speed of the pitch, or at a speed of its own. */
sealed interface Spectrum {
    /** A pure tone. */
    Harmonics SINE = new Harmonics(1, 1, 0.0, 1.0, List.of());

    /** Partials {@code first} to {@code last} whose amplitudes fall with the power {@code slope} of their number. */
    static Harmonics harmonics(int first, int last, double slope) {
        return new Harmonics(first, last, slope, 1.0, List.of());
    }

    /**
     * Whole multiples of the pitch.
     *
     * @param first lowest partial, from 1
     * @param last highest partial; those above half the sample rate are left out
     * @param slope power with which amplitudes fall; 0 is a buzz, 1 a saw tooth, 2 nearly a triangle
     * @param evenLevel factor of the even partials; 0 gives the hollow sound of a stopped pipe
     * @param formants resonances that lift partials wherever the pitch lies; none leaves all as they are
     */
    record Harmonics(int first, int last, double slope, double evenLevel, List<Formant> formants) implements Spectrum {
        public Harmonics {
            formants = List.copyOf(formants);
        }

        Harmonics evenLevel(double level) {
            return new Harmonics(first, last, slope, level, formants);
        }

        Harmonics formants(Formant... resonances) {
            return new Harmonics(first, last, slope, evenLevel, List.of(resonances));
        }

        /** Amplitude of a partial when the lowest one is at a frequency in Hz. */
        double amplitude(int partial, double fundamental) {
            if (partial < first || partial > last) {
                return 0.0;
            }
            double level = StrictMath.pow(partial, -slope) * (partial % 2 == 0 ? evenLevel : 1.0);
            double resonance = formants.isEmpty() ? 1.0 : 0.08;
            for (Formant formant : formants) {
                resonance += formant.gainAt(partial * fundamental);
            }
            return level * resonance;
        }
    }

    /**
     * A resonance.
     *
     * @param hertz its centre
     * @param width distance in Hz at which it has fallen to 1/e
     * @param gain factor at its centre
     */
    record Formant(double hertz, double width, double gain) {
        double gainAt(double frequency) {
            double distance = (frequency - hertz) / width;
            return gain * StrictMath.exp(-distance * distance);
        }
    }

    /** Noise between two frequencies in Hz, the same for every pitch. */
    record Noise(double low, double high) implements Spectrum {}
}
