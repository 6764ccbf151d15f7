package org.encore.music.audio.synthesis;

import java.util.List;

/**
 * The sound of an instrument: layers that start together and fade each in its own way.
 *
 * @param layers what is added up
 * @param modulation vibrato and tremolo of all layers
 * @param pitchesPerHalving how many semitones up halve the decay, as on strings and bars; infinite for no difference
 */
record Timbre(List<Layer> layers, Modulation modulation, double pitchesPerHalving) {
    Timbre {
        layers = List.copyOf(layers);
    }

    /** Layers without modulation, whose decay halves every two octaves. */
    static Timbre struck(Layer... layers) {
        return new Timbre(List.of(layers), Modulation.NONE, 24.0);
    }

    /** Layers without modulation that decay alike at every pitch. */
    static Timbre blown(Layer... layers) {
        return new Timbre(List.of(layers), Modulation.NONE, Double.POSITIVE_INFINITY);
    }

    /** The same with a vibrato, in cents and Hz, that grows during the first third of a second. */
    Timbre vibrato(double cents, double hertz) {
        return new Timbre(layers, new Modulation(cents, 0.0, hertz), pitchesPerHalving);
    }

    /** The same with a tremolo: how much of the amplitude comes and goes, and how often a second. */
    Timbre tremolo(double depth, double hertz) {
        return new Timbre(layers, new Modulation(0.0, depth, hertz), pitchesPerHalving);
    }

    /** The same timbre, louder or softer. */
    Timbre scaled(double factor) {
        List<Layer> scaled = layers.stream()
                .map(l -> new Layer(l.spectrum, l.ratio, l.level * factor, l.envelope, l.brightness))
                .toList();
        return new Timbre(scaled, modulation, pitchesPerHalving);
    }

    /**
     * One component.
     *
     * @param spectrum what it is made of
     * @param ratio its frequency as a multiple of the pitch
     * @param level root mean square at full velocity, at middle C
     * @param envelope how it comes and goes
     * @param brightness how much more than others it gains from velocity: the power added to that of loudness
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
     * Comes and goes; times in seconds.
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
     * @param tremoloDepth part of the amplitude that comes and goes, in [0, 1]
     * @param hertz cycles a second
     */
    record Modulation(double vibratoCents, double tremoloDepth, double hertz) {
        static final Modulation NONE = new Modulation(0.0, 0.0, 0.0);
    }
}
