package org.encore.music.audio.spectrum;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.music.audio.Waveform;
import org.encore.music.audio.spectrum.Spectrograph.FilterBank;
import org.encore.music.audio.spectrum.SpectrumSettings.FrequencyScale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SpectrographTest {
    private static SpectrumSettings settings(FrequencyScale scale) {
        return new SpectrumSettings(8000, 256, 100, 12, 100.0, 3600.0, scale, -90.0);
    }

    private static Waveform noise(int samples) {
        RandomGenerator random = new RandomStreams(3).stream(Purpose.NOISE);
        float[] values = new float[samples];
        for (int i = 0; i < samples; i++) {
            values[i] = (float) (0.2 * random.nextGaussian());
        }
        return new Waveform(values, 8000);
    }

    /** The definition: a transform by sums of cosines and sines, triangles straight from their formula, all in 64 bits. */
    private static double naive(Waveform sound, SpectrumSettings s, int frame, int band) {
        int size = s.windowSamples();
        double low = s.scale().coordinate(s.lowHertz());
        double step = (s.scale().coordinate(s.highHertz()) - low) / (s.bands() + 1);
        double centre = low + (band + 1) * step;
        double power = 0.0;
        for (int bin = 1; bin < size / 2; bin++) {
            double weight = 1.0 - Math.abs(s.scale().coordinate(bin * (double) s.sampleRate() / size) - centre) / step;
            double re = 0.0;
            double im = 0.0;
            for (int i = 0; i < size && weight > 0.0; i++) {
                int place = frame * s.hopSamples() - size / 2 + i;
                double hann = Math.pow(Math.sin(Math.PI * i / size), 2);
                double x = place < 0 || place >= sound.samples().length ? 0.0 : hann * sound.samples()[place];
                re += x * Math.cos(2.0 * Math.PI * bin * i / size);
                im += x * Math.sin(2.0 * Math.PI * bin * i / size);
            }
            power += Math.max(0.0, weight) * (re * re + im * im) * 4.0 / Math.pow(size / 2.0, 2);
        }
        return Math.max(s.floorDecibels(), 10.0 * Math.log10(power));
    }

    @ParameterizedTest
    @EnumSource(FrequencyScale.class)
    void equalsTheDefinition(FrequencyScale scale) {
        Waveform sound = noise(730);
        Spectrogram spectrogram = new Spectrograph(settings(scale)).of(sound);
        assertEquals(8, spectrogram.frames());
        for (int frame = 0; frame < 8; frame++) {
            for (int band = 2; band < 12; band++) {
                assertEquals(naive(sound, settings(scale), frame, band), spectrogram.at(frame, band), 2e-3);
            }
        }
    }

    /** 2595 log10(1 + 1000/700) is 1000.0 mel to three digits; a semitone scale has 440 Hz at 69, 880 Hz at 81. */
    @Test
    void scalesHaveTheirTextbookValues() {
        assertEquals(999.99, FrequencyScale.MEL.coordinate(1000.0), 0.01);
        assertEquals(1000.0, FrequencyScale.MEL.hertz(FrequencyScale.MEL.coordinate(1000.0)), 1e-9);
        assertEquals(69.0, FrequencyScale.SEMITONE.coordinate(440.0), 1e-12);
        assertEquals(81.0, FrequencyScale.SEMITONE.coordinate(880.0), 1e-12);
        assertEquals(261.6256, FrequencyScale.SEMITONE.hertz(60.0), 1e-4);
    }

    /**
     * Bins are 100 Hz apart and bands 12 semitones wide, centred at 200, 400 and 800 Hz. The lowest rises from 100 to 200
     * and falls to 400, so bin 3 has 1 - log2(1.5) of it, bin 2 all, bin 1 and 4 nothing.
     */
    @Test
    void filtersAreTriangles() {
        FilterBank filters =
                new FilterBank(new SpectrumSettings(6400, 64, 64, 3, 100.0, 1600.0, FrequencyScale.SEMITONE, -90.0));
        float[] expected = {0.0f, 1.0f, 0.415037f, 0.0f};
        for (int bin = 1; bin <= 4; bin++) {
            float[] powers = new float[33];
            powers[bin] = 1.0f;
            assertEquals(expected[bin - 1], filters.power(0, powers), 1e-6f, "bin " + bin);
        }
    }

    /** The band from 100 to 101 Hz holds no bin of 100 Hz distance but the nearest. */
    @Test
    void narrowBandsTakeTheNearestBin() {
        FilterBank filters =
                new FilterBank(new SpectrumSettings(6400, 64, 64, 1, 110.0, 120.0, FrequencyScale.SEMITONE, -90.0));
        float[] powers = new float[33];
        powers[1] = 0.5f;
        assertEquals(0.5f, filters.power(0, powers));
    }

    @ParameterizedTest
    @ValueSource(ints = {8000, 16000, 44100})
    void aSineOfAmplitudeOneHasZeroDecibelsAtAnyRate(int sampleRate) {
        SpectrumSettings s = new SpectrumSettings(8000, 1024, 256, 3, 500.0, 2000.0, FrequencyScale.SEMITONE, -90.0);
        float[] samples = new float[sampleRate];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) Math.sin(2.0 * Math.PI * 1000.0 * i / sampleRate);
        }
        Spectrogram spectrogram = new Spectrograph(s).of(new Waveform(samples, sampleRate));
        assertEquals(
                0.0, spectrogram.at(15, 1), 1.8, "power leaks into the two neighbours of the middle bin: +1.76 dB");
        assertTrue(spectrogram.at(15, 1) > spectrogram.at(15, 0) + 20.0);
    }

    @Test
    void silenceIsTheFloorAndRepeatsAreEqual() {
        Spectrograph spectrograph = new Spectrograph(settings(FrequencyScale.MEL));
        assertEquals(1, spectrograph.of(new Waveform(new float[0], 8000)).frames());
        for (float level : spectrograph.of(new Waveform(new float[400], 8000)).decibels()) {
            assertEquals(-90.0f, level);
        }
        assertArrayEquals(
                spectrograph.of(noise(900)).decibels(),
                spectrograph.of(noise(900)).decibels());
    }

    @Test
    void settingsSayWhatIsWrong() {
        IllegalArgumentException window = assertThrows(
                IllegalArgumentException.class,
                () -> new SpectrumSettings(8000, 300, 100, 12, 100.0, 3600.0, FrequencyScale.MEL, -90.0));
        assertEquals("windowSamples is 300, but must be a power of two", window.getMessage());
        IllegalArgumentException range = assertThrows(
                IllegalArgumentException.class,
                () -> new SpectrumSettings(8000, 256, 100, 12, 100.0, 4600.0, FrequencyScale.MEL, -90.0));
        assertTrue(range.getMessage().contains("<= 4000.0"), range.getMessage());
    }
}
