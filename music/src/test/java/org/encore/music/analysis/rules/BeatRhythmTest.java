package org.encore.music.analysis.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.encore.music.Instrument;
import org.encore.music.Meter;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.analysis.rules.BeatRhythm.Cell;
import org.junit.jupiter.api.Test;

class BeatRhythmTest {
    @Test
    void everyCellIsKnownByItsTicks() {
        requireCell(Cell.PLAIN, 0);
        requireCell(Cell.EVEN, 0, 6);
        requireCell(Cell.EVEN, 0, 3, 6, 9);
        requireCell(Cell.DOTTED, 0, 9);
        requireCell(Cell.DOTTED, 0, 6, 9);
        requireCell(Cell.SYNCOPATED, 0, 3, 9);
        requireCell(Cell.SHUFFLE, 0, 8);
        requireCell(Cell.TRIPLET, 0, 4, 8);
        requireCell(Cell.OFFBEAT, 6);
        requireCell(Cell.OFFBEAT, 6, 9);
        requireCell(Cell.STRAY, 0, 5);
        requireCell(Cell.STRAY, 0, 4, 6);
    }

    @Test
    void aTresilloTakesTwoBeats() {
        BeatRhythm rhythm = rhythm(0, 9, 18, 24);
        assertEquals(2, rhythm.count(Cell.TRESILLO));
        assertEquals(2, rhythm.beats());
    }

    @Test
    void theLastOnsetDoesNotCount() {
        assertEquals(0, rhythm(0).beats());
        assertEquals(0, rhythm().beats());
        assertEquals(2, rhythm(12, 24, 36).count(Cell.PLAIN));
    }

    @Test
    void densityIsOnsetsFromFirstToLast() {
        assertEquals(2.0, rhythm(0, 6, 12, 18, 24).onsetsPerBeat(), 1e-12);
        assertEquals(1.0, rhythm(0, 4, 8, 36).onsetsPerBeat(), 1e-12);
        assertEquals(0.0, rhythm(7).onsetsPerBeat(), 1e-12);
    }

    private static void requireCell(Cell cell, int... ticks) {
        int[] closed = IntStream.concat(IntStream.of(ticks), IntStream.of(12)).toArray();
        assertEquals(1, rhythm(closed).count(cell), cell + " " + List.of(ticks.length));
    }

    private static BeatRhythm rhythm(int... onsets) {
        List<Note> notes = IntStream.of(onsets)
                .mapToObj(onset -> new Note(Instrument.PIANO, onset, 3, 60, 84))
                .toList();
        return new BeatRhythm(new Piece(90, Meter.FOUR_FOUR, notes));
    }
}
