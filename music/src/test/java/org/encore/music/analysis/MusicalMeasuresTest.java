package org.encore.music.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.encore.music.Instrument;
import org.encore.music.Meter;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.junit.jupiter.api.Test;

class MusicalMeasuresTest {
    @Test
    void consonanceWeighsPairsByTimeAndLeavesDrumsOut() {
        // C4 for 12 ticks with E4 for 12 (consonant) and with B3 for 4 (dissonant); E4 with B3 for 4 (a fifth): 16 of
        // 20.
        Piece piece =
                piece(note(0, 12, 60), note(0, 12, 64), note(8, 4, 59), new Note(Instrument.DRUMS, 0, 12, 61, 84));
        assertEquals(16.0 / 20.0, MusicalMeasures.of(piece).consonance(), 1e-12);
        assertEquals(
                1.0,
                MusicalMeasures.of(piece(note(0, 12, 60), note(12, 12, 61))).consonance(),
                1e-12);
    }

    @Test
    void metreClarityIsTheMeanStrengthOfOnsets() {
        // Bar line 1, half beat 0.25, beat 0.5, middle of the bar 0.75, sixteenth 0: 2.5 / 5.
        Piece piece = piece(note(0, 1, 60), note(6, 1, 60), note(12, 1, 60), note(24, 1, 60), note(27, 1, 60));
        assertEquals(0.5, MusicalMeasures.of(piece).metreClarity(), 1e-12);
    }

    @Test
    void repetitionIsTheShareOfMovesHeardBefore() {
        // Twelve equal steps up: every window of four moves after the first is a repeat, 7 of 8.
        List<Note> scale = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            scale.add(note(6 * i, 6, 60 + i));
        }
        assertEquals(
                7.0 / 8.0,
                MusicalMeasures.of(new Piece(60, Meter.FOUR_FOUR, scale)).repetition(),
                1e-12);
        assertEquals(0.0, MusicalMeasures.of(piece(note(0, 1, 60))).repetition(), 1e-12);
    }

    @Test
    void countsRangeRateAndVoices() {
        // At 60, 24 ticks are two seconds; a key of 24 ticks and one of 12 above it: 36 / 24 voices.
        MusicalMeasures measures = MusicalMeasures.of(piece(note(0, 24, 50), note(0, 12, 70)));
        assertEquals(20, measures.pitchRange());
        assertEquals(1.0, measures.notesPerSecond(), 1e-12);
        assertEquals(1.5, measures.polyphony(), 1e-12);
    }

    @Test
    void emptyPiecesHaveFigures() {
        assertEquals(new MusicalMeasures(1.0, 0.0, 0.0, 0, 0.0, 0.0, 1.0, 0.0), MusicalMeasures.of(piece()));
    }

    @Test
    void diversityIsTheMeanDistanceOfPairs() {
        Piece low = piece(note(0, 12, 60), note(12, 12, 62));
        assertEquals(0.0, Diversity.of(List.of(low)), 1e-12);
        assertEquals(0.0, Diversity.of(List.of(low, low, low)), 1e-12);
        // Same places, durations, intervals and timbre; other pitch classes and octaves: 2 of 6 histograms differ
        // wholly.
        Piece high = piece(note(0, 12, 73), note(12, 12, 75));
        assertEquals(2.0 / 6.0, Diversity.of(List.of(low, high)), 1e-12);
        assertTrue(Diversity.of(List.of(low, low, high)) < Diversity.of(List.of(low, high)));
    }

    private static Note note(int onset, int duration, int pitch) {
        return new Note(Instrument.PIANO, onset, duration, pitch, 84);
    }

    private static Piece piece(Note... notes) {
        return new Piece(60, Meter.FOUR_FOUR, List.of(notes));
    }

    @Test
    void theKeyIsTheMajorScaleThatHoldsMost() {
        // C D E G A are in C, F and G major; C sharp in none of these: 5 of 6.
        Piece piece = piece(
                note(0, 12, 60),
                note(12, 12, 62),
                note(24, 12, 64),
                note(36, 12, 67),
                note(48, 12, 69),
                note(60, 12, 61));
        assertEquals(5.0 / 6.0, MusicalMeasures.of(piece).inKey(), 1e-12);
        // D major: D E F# G A B C#, from a low octave.
        assertEquals(
                1.0,
                MusicalMeasures.of(piece(note(0, 1, 2), note(1, 1, 4), note(2, 1, 6), note(3, 1, 13)))
                        .inKey(),
                1e-12);
    }

    @Test
    void aBeatIsEmptyIfNothingSoundsInIt() {
        // Six beats: the first two sound, the next three do not, the last does.
        Piece piece = piece(note(6, 18, 60), note(60, 3, 62));
        assertEquals(3.0 / 6.0, MusicalMeasures.of(piece).emptyBeats(), 1e-12);
    }
}
