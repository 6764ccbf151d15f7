package org.encore.music.degradation;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.encore.music.audio.Waveform;

/** Silences a share of the sound in blocks of 60 ms, cut hard. */
public record Dropouts() implements AcousticDegradation {
    private static final double MOST = 0.5;
    private static final double BLOCK_SECONDS = 0.06;

    @Override
    public String name() {
        return "dropouts";
    }

    @Override
    public double amount(double strength) {
        return Degradation.proportion(MOST, strength);
    }

    @Override
    public String unit() {
        return "share of the time";
    }

    @Override
    public Waveform apply(Waveform sound, double strength, RandomGenerator random) {
        double share = amount(strength);
        float[] samples = sound.samples().clone();
        int block = (int) Math.ceil(BLOCK_SECONDS * sound.sampleRate());
        for (int start = 0; start < samples.length; start += block) {
            if (random.nextDouble() < share) {
                Arrays.fill(samples, start, Math.min(samples.length, start + block), 0.0f);
            }
        }
        return new Waveform(samples, sound.sampleRate());
    }
}
