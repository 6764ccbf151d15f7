package org.encore.music.audio.synthesis;

import java.util.List;

/**
 * The sound of an instrument: layers that start together, each with its own envelope.
 *
 * @param layers the layers to add up
 * @param modulation vibrato and tremolo of all layers
 * @param pitchesPerHalving how many semitones up halve the decay, as on strings and bars; infinite for no difference
 */
record Patch(List<Layer> layers, Modulation modulation, double pitchesPerHalving) {
    Patch {
        layers = List.copyOf(layers);
    }

    /** Layers without modulation, whose decay halves every two octaves. */
    static Patch struck(Layer... layers) {
        return new Patch(List.of(layers), Modulation.NONE, 24.0);
    }

    /** Layers without modulation that decay alike at every pitch. */
    static Patch blown(Layer... layers) {
        return new Patch(List.of(layers), Modulation.NONE, Double.POSITIVE_INFINITY);
    }

    /** The same with a vibrato, in cents and Hz, that grows during the first third of a second. */
    Patch vibrato(double cents, double hertz) {
        return new Patch(layers, new Modulation(cents, 0.0, hertz), pitchesPerHalving);
    }

    /** The same with a tremolo: the share of the amplitude that varies, and cycles a second. */
    Patch tremolo(double depth, double hertz) {
        return new Patch(layers, new Modulation(0.0, depth, hertz), pitchesPerHalving);
    }

    /** The same timbre, louder or softer. */
    Patch scaled(double factor) {
        List<Layer> scaled = layers.stream()
                .map(l -> new Layer(l.spectrum, l.ratio, l.level * factor, l.envelope, l.brightness))
                .toList();
        return new Patch(scaled, modulation, pitchesPerHalving);
    }

    /**
     * One component.
     *
     * @param spectrum its spectrum
     * @param ratio its frequency as a multiple of the pitch
     * @param level root mean square at full velocity, at middle C
     * @param envelope its envelope
     * @param brightness how much more it gains from velocity than other layers: the power added to that of loudness
     */
    record Layer(Spectrum spectrum, double ratio, double level, Envelope envelope, double brightness) {
        static Layer of(Spectrum spectrum, double level, Envelope envelope) {
            return new Layer(spectrum, 1.0, level, envelope, 0.0);
        }

        Layer at(double newRatio) {
            return new Layer(spectrum, newRatio, level, envelope, brightness);
        }

        Layer detuned(double cents) {
            return at(ratio * StrictMath.pow(2.0, cents / 1200.0));
        }

        Layer bright(double power) {
            return new Layer(spectrum, ratio, level, envelope, power);
        }
    }

    /**
     * An envelope; times in seconds.
     *
     * @param attack until full
     * @param decay until 1/e of the way to the sustained level
     * @param sustain level that is held, in [0, 1]
     * @param release after the end of the note, until 1/e
     */
    record Envelope(double attack, double decay, double sustain, double release) {}

    /**
     * Slow changes.
     *
     * @param vibratoCents largest deviation of the pitch
     * @param tremoloDepth share of the amplitude that varies, in [0, 1]
     * @param hertz cycles a second
     */
    record Modulation(double vibratoCents, double tremoloDepth, double hertz) {
        static final Modulation NONE = new Modulation(0.0, 0.0, 0.0);
    }

    /** The spectrum of a layer: a loop that is read at the speed of the pitch, or at a fixed speed. */
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
         * @param formants resonances that lift partials wherever the pitch lies; none leaves all unchanged
         */
        record Harmonics(int first, int last, double slope, double evenLevel, List<Formant> formants)
                implements Spectrum {
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
}
