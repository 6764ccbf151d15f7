package org.encore.music.degradation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.music.audio.Waveform;
import org.encore.music.degradation.AcousticDegradation.Clipping;
import org.encore.music.degradation.AcousticDegradation.Dropouts;
import org.encore.music.degradation.AcousticDegradation.Noise;
import org.encore.music.degradation.AcousticDegradation.Wow;
import org.encore.music.degradation.Degradation.Degradations;
import org.junit.jupiter.api.Test;

class AcousticDegradationTest {
    private static final int RATE = 16000;

    /** Four seconds of 440 Hz at amplitude 0.4. */
    private final Waveform tone = tone(4 * RATE);

    private static Waveform tone(int count) {
        float[] samples = new float[count];
        for (int i = 0; i < count; i++) {
            samples[i] = (float) (0.4 * Math.sin(2 * Math.PI * 440 * i / RATE));
        }
        return new Waveform(samples, RATE);
    }

    private static RandomGenerator random() {
        return new RandomStreams(3).stream(Purpose.DEGRADATION, 7);
    }

    private float[] spoilt(AcousticDegradation degradation, double strength) {
        return degradation.apply(tone, strength, random()).samples();
    }

    @Test
    void noiseIsAsFarBelowTheSoundAsItSays() {
        for (double strength : new double[] {0.2, 1.0}) {
            float[] noise = spoilt(new Noise(), strength);
            for (int i = 0; i < noise.length; i++) {
                noise[i] -= tone.samples()[i];
            }
            double decibels = 20 * Math.log10(AcousticDegradation.level(noise) / (0.4 / Math.sqrt(2)));
            assertEquals(-45 + 45 * strength, decibels, 0.05);
        }
    }

    @Test
    void clippingKeepsTheLevelAndFlattensThePeaks() {
        float[] clipped = spoilt(new Clipping(), 1.0);
        assertEquals(0.4 / Math.sqrt(2), AcousticDegradation.level(clipped), 1e-3);
        // 36 dB beyond its peak a sine is all but a square, whose peak is its level.
        float peak = 0;
        for (float sample : clipped) {
            peak = Math.max(peak, Math.abs(sample));
        }
        assertEquals(0.4 / Math.sqrt(2), peak, 0.01);
    }

    @Test
    void dropoutsSilenceTheirShareInBlocks() {
        float[] holes = spoilt(new Dropouts(), 0.8);
        int silent = 0;
        for (int i = 0; i < holes.length; i++) {
            assertTrue(holes[i] == 0.0f || holes[i] == tone.samples()[i]);
            silent += holes[i] == 0.0f ? 1 : 0;
        }
        // 67 blocks of 960 samples, each silent with probability 0.4: a standard deviation of 0.06.
        assertEquals(0.4, silent / (double) holes.length, 0.18);
        float[] more = spoilt(new Dropouts(), 1.0);
        for (int i = 0; i < holes.length; i++) {
            assertTrue(holes[i] != 0.0f || more[i] == 0.0f, "sample " + i + " came back");
        }
    }

    @Test
    void detuningSwingsThePitchByItsCents() {
        float[] swinging = spoilt(new Wow(), 1.0);
        // Periods between upward passages through zero, interpolated; away from the ends, where silence is read.
        double shortest = Double.POSITIVE_INFINITY;
        double longest = 0;
        double last = Double.NaN;
        for (int i = RATE / 2; i < 3 * RATE; i++) {
            if (swinging[i] < 0 && swinging[i + 1] >= 0) {
                double moment = i + swinging[i] / (swinging[i] - swinging[i + 1]);
                if (!Double.isNaN(last)) {
                    shortest = Math.min(shortest, moment - last);
                    longest = Math.max(longest, moment - last);
                }
                last = moment;
            }
        }
        double period = RATE / 440.0;
        assertEquals(150, 1200 * Math.log(period / shortest) / Math.log(2), 6);
        // The rate of reading falls as far as it rises: 1 - (2^(150/1200) - 1) is 164 cents down.
        assertEquals(164, 1200 * Math.log(longest / period) / Math.log(2), 6);
    }

    @Test
    void strengthZeroChangesNothingAndStreamsDecide() {
        for (AcousticDegradation degradation : Degradations.acoustic()) {
            assertArrayEquals(tone.samples(), spoilt(degradation, 0.0), degradation.name());
            assertArrayEquals(spoilt(degradation, 0.6), spoilt(degradation, 0.6), degradation.name());
            assertEquals(tone.samples().length, spoilt(degradation, 0.6).length);
        }
    }

    @Test
    void silenceStaysFinite() {
        Waveform silence = new Waveform(new float[RATE], RATE);
        for (AcousticDegradation degradation : Degradations.acoustic()) {
            assertArrayEquals(
                    silence.samples(), degradation.apply(silence, 1.0, random()).samples(), degradation.name());
        }
    }
}
