package org.encore.music.audio.spectrum;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.music.audio.Waveform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MelLossTest {
    private static final int RATE = 8000;

    private static double[] noise(long seed, int samples, double size) {
        RandomGenerator random = new RandomStreams(seed).stream(Purpose.NOISE);
        double[] values = new double[samples];
        for (int i = 0; i < samples; i++) {
            values[i] = size * random.nextGaussian();
        }
        return values;
    }

    private static MelLoss.Settings settings(List<Integer> windows, double absolute, double squared) {
        return new MelLoss.Settings(windows, 64, absolute, squared, -70.0);
    }

    /** Each term alone and both, one scale and several, a length that is no multiple of a hop. */
    @ParameterizedTest
    @CsvSource({"64, 1, 0, 200", "64, 0, 1, 200", "256, 1, 1, 301", "128, 0.5, 2, 64"})
    void theGradientAgreesWithFiniteDifferences(int window, double absolute, double squared, int samples) {
        MelLoss loss = new MelLoss(settings(List.of(window, 64), absolute, squared), RATE, samples);
        double[] target = noise(1, samples, 0.1);
        double[] estimate = noise(2, samples, 0.05);
        double[] gradient = new double[samples];
        loss.add(target, estimate, 3.0, gradient);
        double largest = 0.0;
        for (double slope : gradient) {
            largest = Math.max(largest, Math.abs(slope));
        }
        assertTrue(largest > 0.0);
        double step = 1e-7;
        for (int i = 0; i < samples; i++) {
            double value = estimate[i];
            estimate[i] = value + step;
            double above = loss.add(target, estimate, 0.0, new double[samples]);
            estimate[i] = value - step;
            double below = loss.add(target, estimate, 0.0, new double[samples]);
            estimate[i] = value;
            assertEquals(3.0 * (above - below) / (2 * step), gradient[i], 1e-5 * largest, "sample " + i);
        }
    }

    @Test
    void theGradientIsAddedAndTheLossIsNotWeighted() {
        MelLoss loss = new MelLoss(settings(List.of(64), 1.0, 1.0), RATE, 128);
        double[] target = noise(1, 128, 0.1);
        double[] estimate = noise(2, 128, 0.1);
        double[] once = new double[128];
        double value = loss.add(target, estimate, 1.0, once);
        double[] thrice = once.clone();
        assertEquals(value, loss.add(target, estimate, 2.0, thrice));
        for (int i = 0; i < once.length; i++) {
            once[i] *= 3.0;
        }
        assertArrayEquals(once, thrice, 1e-12);
    }

    @Test
    void equalSoundsHaveNoDistanceAndNoGradient() {
        MelLoss loss = new MelLoss(MelLoss.Settings.defaults(), RATE, 4000);
        double[] sound = noise(3, 4000, 0.1);
        double[] gradient = new double[4000];
        assertEquals(0.0, loss.add(sound, sound.clone(), 1.0, gradient));
        assertArrayEquals(new double[4000], gradient);
    }

    /** Ten decibels are one unit: of the absolute difference, and of its square. */
    @ParameterizedTest
    @CsvSource({"1, 0, 10, 1", "1, 0, 20, 2", "0, 1, 20, 4", "1, 1, 30, 12"})
    void aChangeOfLevelIsADistance(double absolute, double squared, double decibels, double expected) {
        MelLoss loss = new MelLoss(new MelLoss.Settings(List.of(128, 512), 64, absolute, squared, -200.0), RATE, 4000);
        double[] loud = noise(4, 4000, 0.1);
        double[] quiet = loud.clone();
        for (int i = 0; i < quiet.length; i++) {
            quiet[i] *= Math.pow(10.0, -decibels / 20.0);
        }
        assertEquals(expected, loss.add(loud, quiet, 1.0, new double[4000]), 1e-6);
    }

    /** The levels are those of the spectrograph, which has its own code for 32 bits. */
    @Test
    void levelsAreThoseOfSpectrograms() {
        int samples = 2048;
        double[] sound = noise(5, samples, 0.1);
        double[] other = noise(6, samples, 0.02);
        double direct = new MelLoss(settings(List.of(512), 1.0, 0.0), RATE, samples)
                .add(sound, other, 1.0, new double[samples]);
        SpectrumSettings same =
                new SpectrumSettings(RATE, 512, 128, 64, 30.0, RATE / 2.0, SpectrumSettings.FrequencyScale.MEL, -70.0);
        Spectrogram a = new Spectrograph(same).of(waveform(sound));
        Spectrogram b = new Spectrograph(same).of(waveform(other));
        double sum = 0.0;
        for (int i = 0; i < a.decibels().length; i++) {
            sum += Math.abs(a.decibels()[i] - b.decibels()[i]) / 10.0;
        }
        // A spectrogram has no frame centred at the end; levels of noise differ by about as much in every frame.
        assertEquals(sum / a.decibels().length, direct, 0.05);
    }

    private static Waveform waveform(double[] values) {
        float[] samples = new float[values.length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) values[i];
        }
        return new Waveform(samples, RATE);
    }

    @Test
    void soundsOfOtherLengthsAreRefused() {
        MelLoss loss = new MelLoss(settings(List.of(64), 1.0, 0.0), RATE, 100);
        assertThrows(
                IllegalArgumentException.class, () -> loss.add(new double[100], new double[99], 1.0, new double[100]));
        assertThrows(
                IllegalArgumentException.class, () -> loss.add(new double[101], new double[101], 1.0, new double[101]));
        assertThrows(IllegalArgumentException.class, () -> settings(List.of(), 1.0, 0.0));
        assertThrows(IllegalArgumentException.class, () -> settings(List.of(100), 1.0, 0.0));
    }
}
