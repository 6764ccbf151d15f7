package org.encore.music.audio.synthesis;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.music.audio.synthesis.Patch.Envelope;
import org.encore.music.audio.synthesis.Patch.Layer;
import org.encore.music.audio.synthesis.Patch.Modulation;
import org.encore.music.audio.synthesis.Patch.Spectrum;

/**
 * Adds pitched notes to a buffer: each layer of a timbre reads its loop with linear interpolation.
 *
 * <p>Envelope and modulation are computed once a block; within a block the gain is linear.
 */
final class VoiceRenderer {
    /** Samples a block: a millisecond at 32 kHz. */
    private static final int BLOCK = 32;

    /** The level at which a fading layer ends, 74 dB below full. */
    private static final double SILENCE = 2e-4;

    /** How loudness depends on velocity: amplitude grows with this power. */
    private static final double VELOCITY_POWER = 1.5;

    /** Low pitches need more amplitude to sound equally loud. */
    private static final double DECIBELS_PER_OCTAVE_DOWN = 1.2;

    private static final double VIBRATO_GROWS_SECONDS = 0.35;
    private static final double CENTS_TO_RATIO = 5.78e-4;

    private final int sampleRate;
    private final double blockSeconds;
    private final Wavetables tables;

    /**
     * One note to play.
     *
     * @param start first sample
     * @param length samples until it is released
     * @param pitch MIDI key
     * @param velocity MIDI velocity
     */
    record Tone(int start, int length, int pitch, int velocity) {}

    VoiceRenderer(int sampleRate) {
        this.sampleRate = sampleRate;
        blockSeconds = (double) BLOCK / sampleRate;
        tables = new Wavetables(sampleRate);
    }

    /** Adds a note; samples after the end of the buffer are left out. */
    void add(float[] buffer, Patch timbre, Tone tone) {
        double hertz = 440.0 * StrictMath.pow(2.0, (tone.pitch - 69) / 12.0);
        double octavesDown = (60 - tone.pitch) / 12.0;
        double keyGain = StrictMath.pow(10.0, octavesDown * DECIBELS_PER_OCTAVE_DOWN / 20.0);
        double decayScale = StrictMath.pow(2.0, (60 - tone.pitch) / timbre.pitchesPerHalving());
        for (Layer layer : timbre.layers()) {
            double power = VELOCITY_POWER + layer.brightness();
            double gain = keyGain * layer.level() * StrictMath.pow(tone.velocity / 127.0, power);
            boolean isPitched = layer.spectrum() instanceof Spectrum.Harmonics;
            double layerHertz = isPitched ? hertz * layer.ratio() : layer.ratio();
            if (layerHertz < 0.46 * sampleRate) {
                float[] table = tables.table(layer.spectrum(), layerHertz);
                double step = isPitched ? layerHertz / sampleRate : layer.ratio() / Wavetables.period(table);
                Gain envelope = new Gain(layer.envelope(), gain, decayScale, tone.length);
                addLayer(buffer, tone, timbre.modulation(), new Oscillator(table, step, tone), envelope);
            }
        }
    }

    private void addLayer(float[] buffer, Tone tone, Modulation modulation, Oscillator oscillator, Gain envelope) {
        double seconds = 0.0;
        for (int at = tone.start; at < buffer.length && !envelope.isOver; at += BLOCK) {
            double swing = modulation.hertz() == 0.0 ? 0.0 : swing(seconds * modulation.hertz());
            double grown = Math.min(1.0, seconds / VIBRATO_GROWS_SECONDS);
            double bend = 1.0 + CENTS_TO_RATIO * modulation.vibratoCents() * grown * swing;
            double tremolo = 1.0 - modulation.tremoloDepth() * 0.5 * (1.0 - swing);
            float before = (float) envelope.level;
            envelope.advance(at - tone.start, tremolo);
            int length = Math.min(BLOCK, buffer.length - at);
            oscillator.add(buffer, at, length, bend, before, (float) envelope.level);
            seconds += blockSeconds;
        }
    }

    private double swing(double cycles) {
        float[] sine = tables.sine();
        int period = Wavetables.period(sine);
        return sine[(int) (cycles * period) & (period - 1)];
    }

    /** Reads a loop; the phase is a fraction of it, in units of 2^-32. */
    private static final class Oscillator {
        private static final float FRACTION = 1.0f / (1 << 24);

        private final float[] table;
        private final double step;
        private final int shift;
        private int phase;

        Oscillator(float[] table, double step, Tone tone) {
            this.table = table;
            this.step = step * 0x1p32;
            shift = 32 - Integer.numberOfTrailingZeros(Wavetables.period(table));
            // Notes start at different phases, so that chords and noises do not add up to clicks.
            phase = (tone.pitch * 31 + tone.start) * 0x9E3779B9;
        }

        void add(float[] buffer, int at, int length, double bend, float before, float after) {
            int increment = (int) Math.round(step * bend);
            float gain = before;
            float gainStep = (after - before) / BLOCK;
            int position = phase;
            int fractionShift = 32 - shift;
            for (int i = at; i < at + length; i++) {
                int index = position >>> shift;
                float fraction = ((position << fractionShift) >>> 8) * FRACTION;
                float low = table[index];
                buffer[i] += gain * (low + fraction * (table[index + 1] - low));
                gain += gainStep;
                position += increment;
            }
            phase = position;
        }
    }

    /** The envelope of a layer, block by block. */
    private final class Gain {
        private final Envelope envelope;
        private final double peak;
        private final double decayFactor;
        private final double releaseFactor;
        private final int attackSamples;
        private final int heldSamples;
        private double decaying = 1.0;
        private double released = 1.0;
        private double level;
        private boolean isOver;

        Gain(Envelope envelope, double peak, double decayScale, int heldSamples) {
            this.envelope = envelope;
            this.peak = peak;
            this.heldSamples = heldSamples;
            decayFactor = Filters.decayFactor(envelope.decay() * decayScale, blockSeconds);
            releaseFactor = Filters.decayFactor(envelope.release(), blockSeconds);
            attackSamples = Math.max(BLOCK, (int) (envelope.attack() * sampleRate));
        }

        /** Moves to the end of the block that starts {@code elapsed} samples after the note. */
        void advance(int elapsed, double tremolo) {
            double risen = Math.min(1.0, (double) (elapsed + BLOCK) / attackSamples);
            if (risen >= 1.0) {
                decaying *= decayFactor;
            }
            if (elapsed >= heldSamples) {
                released *= releaseFactor;
            }
            double shape = risen * (envelope.sustain() + (1.0 - envelope.sustain()) * decaying) * released;
            isOver = (shape < SILENCE && risen >= 1.0) || released < SILENCE;
            level = isOver ? 0.0 : shape * peak * tremolo;
        }
    }

    /**
     * Loops of spectra for one sample rate, computed when first needed and kept.
     *
     * <p>A table holds a power of two of samples and repeats the first at its end, so that interpolation needs no wrapping.
     */
    static final class Wavetables {
        private static final int CYCLE = 2048;
        private static final int NOISE_LOOP = 1 << 15;

        /** Above this part of the sample rate partials are left out. */
        private static final double BAND_LIMIT = 0.46;

        private final int sampleRate;
        private final float[] sine;
        private final Map<Key, float[]> tables = new ConcurrentHashMap<>();

        private record Key(Spectrum spectrum, int octave) {}

        Wavetables(int sampleRate) {
            this.sampleRate = sampleRate;
            sine = new float[CYCLE + 1];
            for (int i = 0; i < CYCLE; i++) {
                sine[i] = (float) StrictMath.sin(2.0 * StrictMath.PI * i / CYCLE);
            }
        }

        /** One cycle of amplitude 1. */
        float[] sine() {
            return sine;
        }

        /**
         * The loop for a frequency.
         *
         * @param hertz frequency of the first partial; all of an octave share a table
         * @return a loop of root mean square 1, less the partials above the band limit
         */
        float[] table(Spectrum spectrum, double hertz) {
            if (spectrum instanceof Spectrum.Noise noise) {
                return tables.computeIfAbsent(new Key(noise, 0), key -> noiseLoop(noise));
            }
            int octave = Math.getExponent(hertz);
            Spectrum.Harmonics harmonics = (Spectrum.Harmonics) spectrum;
            return tables.computeIfAbsent(new Key(spectrum, octave), key -> cycle(harmonics, Math.scalb(1.0, octave)));
        }

        /** How many samples a table holds before it repeats. */
        static int period(float[] table) {
            return table.length - 1;
        }

        /** One cycle for pitches from a frequency to its double; phases after Schroeder (1970) keep the peaks low. */
        private float[] cycle(Spectrum.Harmonics harmonics, double lowest) {
            float[] table = new float[CYCLE + 1];
            double middle = lowest * StrictMath.sqrt(2.0);
            double power = 0.0;
            int count = harmonics.last() - harmonics.first() + 1;
            for (int partial = harmonics.first(); partial <= harmonics.last(); partial++) {
                double amplitude = harmonics.amplitude(partial, middle);
                power += 0.5 * amplitude * amplitude;
                if (2.0 * lowest * partial < BAND_LIMIT * sampleRate) {
                    int index = partial - harmonics.first();
                    long shift = Math.round(0.5 * CYCLE * index * (index - 1.0) / count);
                    addPartial(table, partial, (int) (shift % CYCLE), amplitude);
                }
            }
            return scaled(table, power);
        }

        private void addPartial(float[] table, int partial, int shift, double amplitude) {
            for (int i = 0; i <= CYCLE; i++) {
                table[i] += (float) amplitude * sine[(partial * i + shift) & (CYCLE - 1)];
            }
        }

        /** White noise through a high and a low pass of the first order each, twice around so that the loop closes. */
        private float[] noiseLoop(Spectrum.Noise noise) {
            RandomGenerator random = new RandomStreams(0).stream(RandomStreams.Purpose.NOISE);
            float[] white = new float[NOISE_LOOP];
            for (int i = 0; i < NOISE_LOOP; i++) {
                white[i] = 2.0f * random.nextFloat() - 1.0f;
            }
            float[] table = new float[NOISE_LOOP + 1];
            double lowFactor = Filters.onePoleFactor(noise.low(), sampleRate);
            double highFactor = Filters.onePoleFactor(noise.high(), sampleRate);
            double below = 0.0;
            double smooth = 0.0;
            double power = 0.0;
            for (int i = 0; i < 2 * NOISE_LOOP; i++) {
                int place = i % NOISE_LOOP;
                below += lowFactor * (white[place] - below);
                smooth += highFactor * (white[place] - below - smooth);
                table[place] = (float) smooth;
                power += i < NOISE_LOOP ? 0.0 : smooth * smooth / NOISE_LOOP;
            }
            table[NOISE_LOOP] = table[0];
            return scaled(table, power);
        }

        private static float[] scaled(float[] table, double power) {
            float factor = power > 0.0 ? (float) (1.0 / StrictMath.sqrt(power)) : 0.0f;
            for (int i = 0; i < table.length; i++) {
                table[i] *= factor;
            }
            return table;
        }
    }

    /** Coefficients of one-pole filters. */
    static final class Filters {
        private Filters() {}

        /** The factor {@code a} of {@code y += a (x - y)}, a low pass with its corner at a frequency in Hz. */
        static double onePoleFactor(double hertz, int sampleRate) {
            return 1.0 - StrictMath.exp(-2.0 * StrictMath.PI * hertz / sampleRate);
        }

        /** The factor of one step of an exponential decay that reaches 1/e after a time in seconds. */
        static double decayFactor(double seconds, double stepSeconds) {
            return seconds <= 0.0 ? 0.0 : StrictMath.exp(-stepSeconds / seconds);
        }
    }
}
