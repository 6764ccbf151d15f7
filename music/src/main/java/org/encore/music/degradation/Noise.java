package org.encore.music.degradation;

import java.util.random.RandomGenerator;
import org.encore.music.audio.NoiseColour;
import org.encore.music.audio.Waveform;

/** Lays noise of a random colour over the sound, at a level that is counted from the sound's own. */
public record Noise() implements AcousticDegradation {
    /** Where noise begins to be heard, and how much louder than that it gets. */
    private static final double FAINTEST_DECIBELS = -45.0;

    private static final double RISE_DECIBELS = 45.0;
    private static final double DECIBELS_A_DECADE = 20.0;

    @Override
    public String name() {
        return "noise";
    }

    @Override
    public double amount(double strength) {
        Degradation.requireStrength(strength);
        return strength == 0.0 ? Double.NEGATIVE_INFINITY : FAINTEST_DECIBELS + RISE_DECIBELS * strength;
    }

    @Override
    public String unit() {
        return "dB above the sound";
    }

    @Override
    public Waveform apply(Waveform sound, double strength, RandomGenerator random) {
        double above = amount(strength);
        double level = AcousticDegradation.level(sound.samples());
        if (strength == 0.0 || level == 0.0) {
            return sound;
        }
        NoiseColour[] colours = NoiseColour.values();
        NoiseColour colour = colours[random.nextInt(colours.length)];
        float[] samples = sound.samples().clone();
        double[] noise = colour.samples(samples.length, DECIBELS_A_DECADE * Math.log10(level) + above, random);
        for (int i = 0; i < samples.length; i++) {
            samples[i] += (float) noise[i];
        }
        return new Waveform(samples, sound.sampleRate());
    }
}
