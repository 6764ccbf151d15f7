package org.encore.music.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ResamplerTest {
    private static Waveform sine(double hertz, int sampleRate) {
        float[] samples = new float[sampleRate];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) Math.sin(2.0 * Math.PI * hertz * i / sampleRate);
        }
        return new Waveform(samples, sampleRate);
    }

    /** A resampled sine is the sine at the new rate, except near the ends, where the filter reaches into silence. */
    @ParameterizedTest
    @CsvSource({"32000, 16000", "44100, 16000", "16000, 44100", "22051, 16000", "32000, 4000"})
    void keepsWhatBothRatesCanCarry(int from, int to) {
        Waveform resampled = new Resampler(from, to).resampled(sine(1000.0, from));
        assertEquals(to, resampled.sampleRate());
        assertEquals(to, resampled.samples().length);
        for (int i = to / 4; i < to * 3 / 4; i++) {
            assertEquals(Math.sin(2.0 * Math.PI * 1000.0 * i / to), resampled.samples()[i], 2e-3);
        }
    }

    @Test
    void removesWhatTheNewRateCannotCarry() {
        Waveform resampled = new Resampler(32000, 16000).resampled(sine(9000.0, 32000));
        for (int i = 4000; i < 12000; i++) {
            assertEquals(0.0f, resampled.samples()[i], 2e-3f);
        }
    }

    @Test
    void equalRatesCostNothing() {
        Waveform sound = sine(100.0, 8000);
        assertSame(sound, new Resampler(8000, 8000).resampled(sound));
        assertThrows(IllegalArgumentException.class, () -> new Resampler(8000, 4000).resampled(sine(1.0, 100)));
    }
}
