package org.encore.music.degradation;

import java.util.random.RandomGenerator;
import org.encore.music.audio.Waveform;

/** Drives the sound beyond its own peak, cuts it there, and brings it back to its level: only the shape gives it away. */
public record Clipping() implements AcousticDegradation {
    private static final double MOST_DECIBELS = 36.0;
    private static final double DECIBELS_A_DECADE = 20.0;

    @Override
    public String name() {
        return "clipping";
    }

    @Override
    public double amount(double strength) {
        return Degradation.proportion(MOST_DECIBELS, strength);
    }

    @Override
    public String unit() {
        return "dB beyond the peak";
    }

    @Override
    public Waveform apply(Waveform sound, double strength, RandomGenerator random) {
        double gain = Math.pow(10.0, amount(strength) / DECIBELS_A_DECADE);
        float peak = 0.0f;
        for (float sample : sound.samples()) {
            peak = Math.max(peak, Math.abs(sample));
        }
        if (gain == 1.0 || peak == 0.0f) {
            return sound;
        }
        float[] samples = sound.samples().clone();
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) Math.max(-peak, Math.min(peak, gain * samples[i]));
        }
        double factor = AcousticDegradation.level(sound.samples()) / AcousticDegradation.level(samples);
        for (int i = 0; i < samples.length; i++) {
            samples[i] *= (float) factor;
        }
        return new Waveform(samples, sound.sampleRate());
    }
}
