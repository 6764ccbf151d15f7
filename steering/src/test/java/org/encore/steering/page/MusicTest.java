package org.encore.steering.page;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.encore.music.Instrument;
import org.encore.music.Meter;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.steering.page.Music.Notes;
import org.encore.steering.page.Phrases.Curves;
import org.junit.jupiter.api.Test;

class MusicTest {
    private static Note note(int onset, int pitch) {
        return new Note(Instrument.PIANO, onset, 50, pitch, 84);
    }

    /** Three bars of 36 ticks, of which the second is empty. */
    private static final Notes THREE =
            new Notes(new Piece(120, Meter.THREE_FOUR, List.of(note(0, 60), note(30, 62), note(72, 64))), 3);

    @Test
    void theLastBarsBeginAtTheStart() {
        assertEquals(List.of(note(36, 64)), THREE.last(2).piece().notes());
        assertEquals(2, THREE.last(2).bars());
        assertEquals(THREE, THREE.last(3));
        assertEquals(3 * 36 / 24.0, THREE.seconds(), 1e-12);
    }

    /** What starts behind the added bars is left out; notes ring on. */
    @Test
    void barsAreAddedBehindTheLast() {
        Notes grown = THREE.with(List.of(note(0, 70), note(71, 71), note(72, 72)), 2);
        assertEquals(5, grown.bars());
        assertEquals(
                List.of(note(0, 60), note(30, 62), note(72, 64), note(108, 70), note(179, 71)),
                grown.piece().notes());
        assertEquals(List.of(note(108, 70), note(179, 71)), grown.notesFrom(THREE.ticks()));
    }

    @Test
    void aPieceToContinueEndsWithItsLastBar() {
        Notes begun = NotePhrases.beginning(new Piece(120, Meter.THREE_FOUR, List.of(note(40, 60), note(107, 62))));
        assertEquals(3, begun.bars());
        assertEquals(List.of(note(40, 60), note(107, 62)), begun.piece().notes());
    }

    @Test
    void curvesAreJoined() {
        Curves first = new Curves(new double[] {1}, new float[][] {{0.5f}}, new float[][] {{2}});
        Curves joined = Curves.none(1)
                .and(first)
                .and(new Curves(new double[] {3, 4}, new float[][] {{0.6f, 0.7f}}, new float[][] {{0, 1}}));
        assertArrayEquals(new double[] {1, 3, 4}, joined.seconds());
        assertArrayEquals(new float[] {0.5f, 0.6f, 0.7f}, joined.monitor()[0]);
        assertArrayEquals(new float[] {2, 0, 1}, joined.strength()[0]);
    }
}
