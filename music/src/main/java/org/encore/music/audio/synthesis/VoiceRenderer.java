package org.encore.music.audio.synthesis;

import org.encore.music.audio.synthesis.Timbre.Envelope;
import org.encore.music.audio.synthesis.Timbre.Layer;
import org.encore.music.audio.synthesis.Timbre.Modulation;

/**
 * Adds pitched notes to a buffer: each layer of a timbre reads its loop with linear interpolation.
 *
 * <p>Envelope and modulation are worked out once a block; within a block the gain changes in a straight line.
 */
final class VoiceRenderer {
    /** Samples a block: a millisecond at 32 kHz. */
    private static final int BLOCK = 32;

    /** The level at which a fading layer ends, 74 dB below full. */
    private static final double SILENCE = 2e-4;

    /** How loudness depends on velocity: amplitude grows with this power. */
    private static final double VELOCITY_POWER = 1.5;

    /** Low pitches need more amplitude to be heard as equally loud. */
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

    /** Adds a note; what lies behind the end of the buffer is left out. */
    void add(float[] buffer, Timbre timbre, Tone tone) {
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
            // Notes start at places of their own, so that chords and noises do not add up to clicks.
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

        /** Moves to the end of the block that starts so many samples after the note. */
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
}
