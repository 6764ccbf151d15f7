package org.encore.music.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.encore.music.Instrument;
import org.encore.music.Meter;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.audio.Waveform;
import org.junit.jupiter.api.Test;

class SurfaceTest {
    @Test
    void notesAreAsLoudAsTheirVelocitiesAndSilentBetweenThem() {
        // Of 40 ticks, 10 hold one note of full velocity, 10 hold two of half of it, and 20 are empty.
        Surface surface = Surface.of(new Piece(
                120,
                Meter.FOUR_FOUR,
                List.of(
                        new Note(Instrument.PIANO, 0, 10, 60, 127),
                        new Note(Instrument.PIANO, 30, 10, 60, 64),
                        new Note(Instrument.PIANO, 30, 10, 64, 64))));
        double half = 64.0 / 127 * 64.0 / 127;
        assertEquals(10 * Math.log10((10 + 2 * 10 * half) / 40), surface.loudnessDecibels(), 1e-12);
        assertEquals(0.5, surface.silence(), 1e-12);
    }

    @Test
    void soundIsAsLoudAsItsMeanSquare() {
        float[] samples = new float[4000];
        // A second of four: half of full scale.
        Arrays.fill(samples, 0, 1000, 0.5f);
        // Just audible, and just not.
        Arrays.fill(samples, 1000, 2000, 0.0011f);
        Arrays.fill(samples, 2000, 3000, 0.0009f);
        Surface surface = Surface.of(new Waveform(samples, 1000));
        assertEquals(10 * Math.log10(0.25 / 4), surface.loudnessDecibels(), 1e-4);
        assertEquals(0.5, surface.silence(), 1e-12);
    }

    @Test
    void nothingIsSilent() {
        Surface nothing = new Surface(-60.0, 1.0);
        assertEquals(nothing, Surface.of(new Piece(120, Meter.FOUR_FOUR, List.of())));
        assertEquals(nothing, Surface.of(new Waveform(new float[0], 100)));
        assertEquals(nothing, Surface.of(new Waveform(new float[300], 100)));
    }
}
