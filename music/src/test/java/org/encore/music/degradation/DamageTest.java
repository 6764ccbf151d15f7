package org.encore.music.degradation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import org.encore.base.random.RandomStreams;
import org.encore.music.Piece;
import org.encore.music.audio.Waveform;
import org.encore.music.degradation.AcousticDegradation.Noise;
import org.encore.music.degradation.Degradation.Degradations;
import org.encore.music.degradation.MusicalDegradation.Clutter;
import org.encore.music.degradation.MusicalDegradation.Gap;
import org.encore.music.degradation.MusicalDegradation.WrongNotes;
import org.encore.music.etudes.Etudes;
import org.junit.jupiter.api.Test;

class DamageTest {
    private final RandomStreams streams = new RandomStreams(1);
    private final Piece piece = new Etudes(1).train(0).piece();

    @Test
    void eachFamilyDoesItsPart() {
        Waveform sound = new Waveform(new float[] {0.5f, -0.5f, 0.25f}, 8000);
        Damage wrong = Damage.of(new WrongNotes(), 1.0);
        assertSame(sound, wrong.spoil(sound, streams, 0));
        assertTrue(!piece.equals(wrong.spoil(piece, streams, 0)));
        Damage noisy = Damage.of(new Noise(), 1.0);
        assertEquals(piece, noisy.spoil(piece, streams, 0));
        assertTrue(sound.samples()[0] != noisy.spoil(sound, streams, 0).samples()[0]);
    }

    @Test
    void theOrderOfNamingDoesNotMatter() {
        Map<Degradation, Double> there = new LinkedHashMap<>();
        there.put(new WrongNotes(), 0.5);
        there.put(new Clutter(), 0.3);
        Map<Degradation, Double> back = new LinkedHashMap<>();
        back.put(new Clutter(), 0.3);
        back.put(new WrongNotes(), 0.5);
        assertEquals(new Damage(there).spoil(piece, streams, 4), new Damage(back).spoil(piece, streams, 4));
    }

    @Test
    void clipsAreSpoiltDifferently() {
        Damage damage = Damage.of(new Noise(), 0.5);
        Waveform sound = new Waveform(new float[] {0.5f, -0.5f, 0.25f}, 8000);
        float[] first = damage.spoil(sound, streams, 0).samples();
        assertArrayEquals(first, damage.spoil(sound, streams, 0).samples());
        assertTrue(first[0] != damage.spoil(sound, streams, 1).samples()[0]);
    }

    @Test
    void strengthsBeyondTheRangeAreRefused() {
        for (double strength : new double[] {-0.1, 1.1, Double.NaN}) {
            String message = assertThrows(IllegalArgumentException.class, () -> Damage.of(new Gap(), strength))
                    .getMessage();
            assertEquals("strength is " + strength + ", but must lie in [0, 1]", message);
            for (Degradation degradation : Degradations.all()) {
                assertThrows(IllegalArgumentException.class, () -> degradation.amount(strength), degradation.name());
            }
        }
    }

    @Test
    void namesAreDifferentAndAmountsRise() {
        assertEquals(
                8, Degradations.all().stream().map(Degradation::name).distinct().count());
        for (Degradation degradation : Degradations.all()) {
            assertTrue(degradation.amount(0.5) < degradation.amount(1.0), degradation.name());
            assertTrue(degradation.amount(0.0) < degradation.amount(0.5), degradation.name());
        }
    }
}
