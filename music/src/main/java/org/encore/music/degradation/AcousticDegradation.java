package org.encore.music.degradation;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.encore.music.audio.NoiseColour;
import org.encore.music.audio.Waveform;

/** Degrades sound as a recording or a codec can. */
public sealed interface AcousticDegradation extends Degradation {
    /**
     * Degrades a sound.
     *
     * @param strength in [0, 1]; 0 gives the sound itself
     * @param random decides where; a new stream of the clip for each call
     * @return of the same length and rate
     */
    Waveform apply(Waveform sound, double strength, RandomGenerator random);

    /** The root mean square of some samples; 0 of none. */
    static double level(float[] samples) {
        double squares = 0.0;
        for (float sample : samples) {
            squares += (double) sample * sample;
        }
        return samples.length == 0 ? 0.0 : Math.sqrt(squares / samples.length);
    }

    /** Amplifies the sound beyond its own peak, clips it there and restores its level, so that only the shape changes. */
    record Clipping() implements AcousticDegradation {
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

    /** Silences a share of the sound in blocks of 60 ms, cut hard. */
    record Dropouts() implements AcousticDegradation {
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

    /** Adds noise of a random colour at a level relative to the sound's own. */
    record Noise() implements AcousticDegradation {
        /** The level at which noise becomes audible, and the range above it. */
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

    /**
     * Detunes the sound like a tape that runs unevenly: its pitch oscillates one to six times a second.
     *
     * <p>Every sample is read from {@code t + d sin(2πft + φ)}; the rate of reading is 1 + 2πfd cos(…), so the peak detuning
     * of c cents needs {@code d = (2^(c/1200) - 1) / 2πf}.
     */
    record Wow() implements AcousticDegradation {
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
}
