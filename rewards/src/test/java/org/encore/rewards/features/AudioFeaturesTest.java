package org.encore.rewards.features;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.encore.music.audio.Waveform;
import org.encore.rewards.features.AudioFeatures.Harmony;
import org.encore.rewards.features.AudioInputs.WindowFeatures;
import org.junit.jupiter.api.Test;

final class AudioFeaturesTest {
    private static final int RATE = 16000;
    private static final AudioFeatureSettings SETTINGS = AudioFeatureSettings.defaults();

    /** A tone of 440 Hz that begins anew every half second, and of another pitch in its last quarter. */
    private static Waveform beats(double seconds, double amplitude) {
        float[] samples = new float[(int) (seconds * RATE)];
        for (int i = 0; i < samples.length; i++) {
            double time = i / (double) RATE;
            double hertz = time > 0.75 * seconds ? 440.0 * Math.pow(2.0, 4.0 / 12.0) : 440.0;
            samples[i] = (float) (amplitude * Math.exp(-8.0 * (time % 0.5)) * Math.sin(2.0 * Math.PI * hertz * time));
        }
        return new Waveform(samples, RATE);
    }

    @Test
    void coversSoundWithTheFewestWindows() {
        AudioFeatures features = new AudioFeatures(SETTINGS);
        assertEquals(1, features.extract(beats(3.0, 0.5)).windows().size());
        assertEquals(1, features.extract(beats(10.0, 0.5)).windows().size());
        assertEquals(2, features.extract(beats(14.0, 0.5)).windows().size());
        WindowFeatures heard =
                features.extract(new Waveform(new float[0], RATE)).windows().get(0);
        assertEquals(SETTINGS.patches() * SETTINGS.patchFrames() * 64, heard.patches().length);
        assertEquals(SETTINGS.pitchRows() * 62, heard.pitches().length);
        assertEquals(SETTINGS.rhythmWidth(), heard.rhythm().length);
        assertEquals(Harmony.WIDTH, heard.harmony().length);
    }

    @Test
    void loudnessDoesNotCount() {
        WindowFeatures loud =
                new AudioFeatures(SETTINGS).extract(beats(10.0, 0.8)).windows().get(0);
        WindowFeatures soft =
                new AudioFeatures(SETTINGS).extract(beats(10.0, 0.2)).windows().get(0);
        for (int i = 0; i < loud.patches().length; i++) {
            assertEquals(loud.patches()[i] & 0xFF, soft.patches()[i] & 0xFF, 1.0);
        }
        assertArrayEquals(loud.rhythm(), soft.rhythm(), 0.02f);
        assertArrayEquals(loud.harmony(), soft.harmony(), 0.02f);
    }

    /** Onsets every half second are like themselves half a second later, and unlike a quarter of a second later. */
    @Test
    void rhythmPeaksAtTheBeat() {
        float[] rhythm = new AudioFeatures(SETTINGS)
                .extract(beats(10.0, 0.5))
                .windows()
                .get(0)
                .rhythm();
        int beat = (int) Math.round(0.5 * SETTINGS.timbre().frameRate());
        int half = beat / 2;
        float most = Math.max(rhythm[beat], Math.max(rhythm[beat - 1], rhythm[beat + 1]));
        assertTrue(most > 0.5f, "at the beat " + most);
        assertTrue(rhythm[half] < 0.1f, "between beats " + rhythm[half]);
    }

    /** The lowest band is an A, as 440 Hz is; the last quarter is four semitones higher, a C sharp. */
    @Test
    void harmonyKnowsWhichPitchClassSoundsWhere() {
        float[] harmony = new AudioFeatures(SETTINGS)
                .extract(beats(10.0, 0.5))
                .windows()
                .get(0)
                .harmony();
        assertEquals(0, loudest(harmony, 0), "over all");
        assertEquals(0, loudest(harmony, 3 * 12), "first");
        assertEquals(4, loudest(harmony, 4 * 12), "last");
    }

    private static int loudest(float[] harmony, int offset) {
        int loudest = 0;
        for (int i = 1; i < 12; i++) {
            loudest = harmony[offset + i] > harmony[offset + loudest] ? i : loudest;
        }
        return loudest;
    }

    /** What was class 4 is class 1 when class 3 is called 0; pairs of classes turn alike; twelve turns are none. */
    @Test
    void turningMovesClasses() {
        float[] features = new float[Harmony.WIDTH];
        features[4] = 1.0f;
        features[5 * 12 + 4 * 12 + 7] = 2.0f;
        float[] turned = new float[Harmony.WIDTH];
        Harmony.turned(features, 3, turned, 0);
        assertEquals(1.0f, turned[1]);
        assertEquals(2.0f, turned[5 * 12 + 12 + 4]);
        float[] back = new float[Harmony.WIDTH];
        Harmony.turned(turned, 9, back, 0);
        assertArrayEquals(features, back);
    }
}
