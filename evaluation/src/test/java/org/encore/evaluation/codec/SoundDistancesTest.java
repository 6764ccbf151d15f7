package org.encore.evaluation.codec;

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
import org.junit.jupiter.params.provider.ValueSource;

class SoundDistancesTest {
    private static final int RATE = 16_000;

    private static float[] noise(long seed, double size) {
        RandomGenerator random = new RandomStreams(seed).stream(Purpose.NOISE);
        float[] samples = new float[RATE];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (size * random.nextGaussian());
        }
        return samples;
    }

    private static Waveform sum(float[] a, float[] b, double factor) {
        float[] samples = new float[a.length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (factor * (a[i] + b[i]));
        }
        return new Waveform(samples, RATE);
    }

    /** Independent noise a tenth as strong is 20 dB below, whatever the level of the sum. */
    @ParameterizedTest
    @ValueSource(doubles = {1.0, 0.25})
    void theRatioIgnoresTheLevel(double factor) {
        float[] sound = noise(1, 0.1);
        SoundDistances found = SoundDistances.of(new Waveform(sound, RATE), sum(sound, noise(2, 0.01), factor));
        assertEquals(20.0, found.siSdr(), 0.2);
    }

    /** Half the amplitude is 6.02 dB less in every band and bin. */
    @Test
    void spectralDistancesAreDifferencesOfLevels() {
        float[] sound = noise(1, 0.1);
        SoundDistances found = SoundDistances.of(new Waveform(sound, RATE), sum(sound, new float[RATE], 0.5));
        assertEquals(6.02, found.logMel(), 0.01);
        assertEquals(6.02, found.logSpectral(), 0.01);
    }

    @Test
    void meansLeaveOutWhatIsNotFinite() {
        float[] sound = noise(1, 0.1);
        Waveform silence = new Waveform(new float[RATE], RATE);
        SoundDistances none = SoundDistances.of(new Waveform(sound, RATE), silence);
        SoundDistances same = SoundDistances.of(silence, silence);
        assertTrue(!Double.isFinite(none.siSdr()) && !Double.isFinite(same.siSdr()));
        assertEquals(0.0, same.logMel());
        SoundDistances mean = SoundDistances.mean(List.of(same, new SoundDistances(4.0, 2.0, 6.0)));
        assertEquals(new SoundDistances(4.0, 1.0, 3.0), mean);
        assertThrows(
                IllegalArgumentException.class,
                () -> SoundDistances.of(silence, new Waveform(new float[RATE - 1], RATE)));
    }
}
