package org.encore.music.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.encore.music.audio.Loudness.Biquad;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoudnessTest {
    /** Stereo sines of one frequency: pairs of level in dB of full scale and seconds, one after the other. */
    private static Waveform sine(int rate, double hertz, double... levelsAndSeconds) {
        double total = 0.0;
        for (int i = 1; i < levelsAndSeconds.length; i += 2) {
            total += levelsAndSeconds[i];
        }
        float[] samples = new float[(int) Math.round(total * rate)];
        int at = 0;
        for (int part = 0; part < levelsAndSeconds.length; part += 2) {
            double amplitude = Math.pow(10.0, levelsAndSeconds[part] / 20.0);
            int end = Math.min(samples.length, at + (int) Math.round(levelsAndSeconds[part + 1] * rate));
            for (; at < end; at++) {
                samples[at] = (float) (amplitude * Math.sin(2.0 * Math.PI * hertz * at / rate));
            }
        }
        return new Waveform(List.of(samples, samples), rate);
    }

    /** Tables 1 and 2 of BS.1770-4. */
    @Test
    void theFiltersAt48KilohertzAreThoseOfTheStandard() {
        Biquad shelf = Biquad.shelf(48000);
        assertEquals(1.53512485958697, shelf.b0(), 1e-12);
        assertEquals(-2.69169618940638, shelf.b1(), 1e-12);
        assertEquals(1.19839281085285, shelf.b2(), 1e-12);
        assertEquals(-1.69065929318241, shelf.a1(), 1e-12);
        assertEquals(0.73248077421585, shelf.a2(), 1e-12);
        Biquad highPass = Biquad.highPass(48000);
        assertEquals(-1.99004745483398, highPass.a1(), 1e-12);
        assertEquals(0.99007225036621, highPass.a2(), 1e-12);
    }

    /** BS.1770-4: a sine of 997 Hz at full scale in one channel reads -3.01 LKFS. */
    @ParameterizedTest
    @ValueSource(ints = {16000, 22050, 32000, 44100, 48000, 96000})
    void aFullSineInOneChannelHasTheLoudnessOfTheStandard(int rate) {
        Waveform mono = new Waveform(sine(rate, 997.0, 0.0, 5.0).channel(0), rate);
        // Bilinear filters bend a little towards half of the rate: 0.04 dB at 16 kHz.
        assertEquals(-3.01, Loudness.of(mono), 0.05);
        Waveform left = new Waveform(List.of(mono.samples(), new float[mono.samples().length]), rate);
        assertEquals(Loudness.of(mono), Loudness.of(left), 1e-9);
    }

    /** EBU Tech 3341, minimum requirements test signals 1 to 5, stereo sines of 1000 Hz: ± 0.1 LU. */
    @Test
    void theTestSignalsOfTheEbuReadAsTheyShould() {
        int rate = 48000;
        assertEquals(-23.0, Loudness.of(sine(rate, 1000.0, -23.0, 20.0)), 0.1);
        assertEquals(-33.0, Loudness.of(sine(rate, 1000.0, -33.0, 20.0)), 0.1);
        assertEquals(-23.0, Loudness.of(sine(rate, 1000.0, -36.0, 10.0, -23.0, 60.0, -36.0, 10.0)), 0.1);
        assertEquals(
                -23.0,
                Loudness.of(sine(rate, 1000.0, -72.0, 10.0, -36.0, 10.0, -23.0, 60.0, -36.0, 10.0, -72.0, 10.0)),
                0.1);
        assertEquals(-23.0, Loudness.of(sine(rate, 1000.0, -26.0, 20.0, -20.0, 20.1, -26.0, 20.0)), 0.1);
    }

    @Test
    void matchedSoundsAreEquallyLoudAndKeepTheirShape() {
        Waveform quiet = sine(32000, 440.0, -40.0, 3.0);
        Waveform loud = sine(32000, 440.0, -6.0, 3.0);
        Waveform raised = Loudness.matched(quiet, -23.0);
        Waveform lowered = Loudness.matched(loud, -23.0);
        assertEquals(-23.0, Loudness.of(raised), 1e-4);
        assertEquals(-23.0, Loudness.of(lowered), 1e-4);
        assertEquals(2, raised.channels());
        float ratio = raised.samples()[100] / quiet.samples()[100];
        assertEquals(ratio, raised.samples()[5000] / quiet.samples()[5000], 1e-5f * ratio);
    }

    /** A click of full height in a quiet tone leaves no room: the ceiling wins, and nothing is clipped. */
    @Test
    void peaksStayBelowTheCeiling() {
        float[] samples = sine(32000, 440.0, -50.0, 3.0).samples().clone();
        samples[40000] = 0.9f;
        Waveform matched = Loudness.matched(new Waveform(samples, 32000), -14.0);
        assertEquals(Loudness.CEILING, matched.samples()[40000], 1e-6);
        assertTrue(Loudness.of(matched) < -14.5);
        assertEquals(Loudness.reachable(new Waveform(samples, 32000)), Loudness.of(matched), 1e-4);
    }

    @Test
    void silenceAndAnUnwantedLevelChangeNothing() {
        Waveform silence = new Waveform(new float[32000], 32000);
        assertEquals(Double.NEGATIVE_INFINITY, Loudness.of(silence));
        assertSame(silence, Loudness.matched(silence, -23.0));
        Waveform sound = sine(32000, 440.0, -6.0, 1.0);
        assertSame(sound, Loudness.matched(sound, 0.0));
        Waveform nothing = new Waveform(new float[0], 32000);
        assertSame(nothing, Loudness.matched(nothing, -23.0));
        // Shorter than a block: it is one.
        assertEquals(-23.0, Loudness.of(Loudness.matched(sine(32000, 440.0, -6.0, 0.2), -23.0)), 1e-4);
    }

    @Test
    void aLevelIsCheckedInOneLine() {
        Loudness.requireTarget("loudness", 0.0);
        Loudness.requireTarget("loudness", -23.0);
        assertEquals(
                "loudness is 3.0, but must lie in [-60, -10] LUFS, or be 0 to leave sounds as they are",
                assertThrows(IllegalArgumentException.class, () -> Loudness.requireTarget("loudness", 3.0))
                        .getMessage());
    }
}
