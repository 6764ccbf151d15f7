package org.encore.music.audio.synthesis;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.encore.music.random.RandomStreams;

/**
 * Loops of spectra for one sample rate, made when first needed and kept.
 *
 * <p>A table has a power of two of samples and one more, equal to the first, so that interpolation needs no wrapping.
 */
final class Wavetables {
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
     * @return a loop of root mean square 1, less what the band limit took away
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
