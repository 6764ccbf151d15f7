package org.encore.music.degradation;

import java.util.random.RandomGenerator;
import org.encore.music.audio.Waveform;

/**
 * Detunes the sound as a tape does that runs unevenly: its pitch swings about the right one, once to six times a second.
 *
 * <p>Every sample is read from {@code t + d sin(2πft + φ)}; the rate of reading is 1 + 2πfd cos(…), so the peak detuning
 * of c cents needs {@code d = (2^(c/1200) - 1) / 2πf}.
 */
public record Wow() implements AcousticDegradation {
    private static final double MOST_CENTS = 150.0;
    private static final double SLOWEST_HERTZ = 1.0;
    private static final double FASTEST_HERTZ = 6.0;
    private static final double CENTS_AN_OCTAVE = 1200.0;

    @Override
    public String name() {
        return "detuning";
    }

    @Override
    public double amount(double strength) {
        return Degradation.proportion(MOST_CENTS, strength);
    }

    @Override
    public String unit() {
        return "cents at the peak";
    }

    @Override
    public Waveform apply(Waveform sound, double strength, RandomGenerator random) {
        double ratio = Math.pow(2.0, amount(strength) / CENTS_AN_OCTAVE) - 1.0;
        if (ratio == 0.0) {
            return sound;
        }
        double perSample = 2.0 * Math.PI * random.nextDouble(SLOWEST_HERTZ, FASTEST_HERTZ) / sound.sampleRate();
        double phase = random.nextDouble(2.0 * Math.PI);
        float[] samples = sound.samples();
        float[] read = new float[samples.length];
        for (int i = 0; i < read.length; i++) {
            read[i] = between(samples, i + ratio / perSample * Math.sin(perSample * i + phase));
        }
        return new Waveform(read, sound.sampleRate());
    }

    /** Linear interpolation; silence beyond the ends. */
    private static float between(float[] samples, double position) {
        int before = (int) Math.floor(position);
        float share = (float) (position - before);
        return (1.0f - share) * at(samples, before) + share * at(samples, before + 1);
    }

    private static float at(float[] samples, int index) {
        return index < 0 || index >= samples.length ? 0.0f : samples[index];
    }
}
