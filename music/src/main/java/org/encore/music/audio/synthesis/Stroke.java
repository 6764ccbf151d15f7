package org.encore.music.audio.synthesis;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.encore.music.random.RandomStreams;

/** Builds the sound of one stroke on a percussion instrument from skins, noise and metal. */
final class Stroke {
    /** Ratios of six square waves that sound like a cymbal together, those of a well-known drum machine. */
    private static final double[] CYMBAL_RATIOS = {1.0, 1.4826, 1.8003, 2.5459, 2.6303, 3.8966};

    private static final double LONGEST_SECONDS = 2.5;

    private final int sampleRate;
    private final RandomGenerator random;
    private final float[] samples;
    private int used;

    Stroke(int sampleRate, int key) {
        this.sampleRate = sampleRate;
        random = new RandomStreams(0).stream(RandomStreams.Purpose.NOISE, key);
        samples = new float[(int) (LONGEST_SECONDS * sampleRate)];
    }

    /**
     * Adds a tone that falls: a skin.
     *
     * @param from frequency at the start in Hz
     * @param to frequency it falls to
     * @param fall seconds until it has fallen to 1/e of the way
     * @param decay seconds until the amplitude is 1/e
     */
    Stroke skin(double from, double to, double fall, double decay, double level) {
        double phase = 0.0;
        double bend = 1.0;
        double gain = level;
        double bendFactor = Filters.decayFactor(fall, 1.0 / sampleRate);
        double gainFactor = Filters.decayFactor(decay, 1.0 / sampleRate);
        int length = lengthOf(decay, 0.0);
        for (int i = 0; i < length; i++) {
            samples[i] += (float) (gain * attack(i) * StrictMath.sin(2.0 * StrictMath.PI * phase));
            phase += (to + (from - to) * bend) / sampleRate;
            bend *= bendFactor;
            gain *= gainFactor;
        }
        return this;
    }

    /** Adds a tone that stays: a bar, a bell, a block. */
    Stroke tone(double hertz, double decay, double level) {
        return skin(hertz, hertz, 1.0, decay, level);
    }

    /** Adds noise between two frequencies in Hz. */
    Stroke noise(double low, double high, double decay, double level) {
        return noiseAt(0.0, low, high, decay, level);
    }

    /** Adds noise that starts some seconds later. */
    Stroke noiseAt(double delay, double low, double high, double decay, double level) {
        Band band = new Band(low, high);
        double gain = level;
        double factor = Filters.decayFactor(decay, 1.0 / sampleRate);
        int start = (int) (delay * sampleRate);
        int end = lengthOf(decay, delay);
        for (int i = start; i < end; i++) {
            double filtered = band.next(2.0 * random.nextDouble() - 1.0);
            samples[i] += (float) (gain * attack(i - start) * filtered);
            gain *= factor;
        }
        return this;
    }

    /** Adds beating metal above a frequency: six square waves on a base frequency, both in Hz. */
    Stroke metal(double base, double above, double decay, double level) {
        Band band = new Band(above, 0.45 * sampleRate);
        double gain = level;
        double factor = Filters.decayFactor(decay, 1.0 / sampleRate);
        int length = lengthOf(decay, 0.0);
        double[] phases = new double[CYMBAL_RATIOS.length];
        for (int i = 0; i < length; i++) {
            double sum = 0.0;
            for (int k = 0; k < phases.length; k++) {
                phases[k] += base * CYMBAL_RATIOS[k] / sampleRate;
                phases[k] -= Math.floor(phases[k]);
                sum += phases[k] < 0.5 ? 1.0 : -1.0;
            }
            samples[i] += (float) (gain * attack(i) * band.next(sum / phases.length));
            gain *= factor;
        }
        return this;
    }

    /** The sound so far, as long as it is audible. */
    float[] samples() {
        float[] result = Arrays.copyOf(samples, used);
        int fade = Math.min(used, sampleRate / 200);
        for (int i = 0; i < fade; i++) {
            result[used - 1 - i] *= (float) i / fade;
        }
        return result;
    }

    /** Until 60 dB below the start. */
    private int lengthOf(double decay, double delay) {
        int length = Math.min(samples.length, (int) ((6.9 * decay + delay) * sampleRate));
        used = Math.max(used, length);
        return length;
    }

    /** Rises within half a millisecond, so that nothing starts with a click. */
    private double attack(int sample) {
        return Math.min(1.0, (sample + 1) * 2000.0 / sampleRate);
    }

    /** Two high and two low passes of the first order. */
    private final class Band {
        private final double lowFactor;
        private final double highFactor;
        private double low1;
        private double low2;
        private double high1;
        private double high2;

        Band(double low, double high) {
            // At low sample rates a cymbal would lie above all that can be heard.
            lowFactor = Filters.onePoleFactor(Math.min(low, 0.2 * sampleRate), sampleRate);
            highFactor = Filters.onePoleFactor(Math.min(high, 0.45 * sampleRate), sampleRate);
        }

        double next(double x) {
            low1 += lowFactor * (x - low1);
            double once = x - low1;
            low2 += lowFactor * (once - low2);
            high1 += highFactor * (once - low2 - high1);
            high2 += highFactor * (high1 - high2);
            return high2;
        }
    }
}
