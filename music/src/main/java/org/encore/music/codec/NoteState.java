package org.encore.music.codec;

import java.util.Arrays;
import org.encore.music.Instrument;
import org.encore.music.Piece;

/** What reader and writer remember between codes: the current instrument, and each instrument's last note. */
final class NoteState {
    /** The bar, counted from 0; -1 before the first BAR. */
    int bar = -1;

    /** Ticks from the start of the bar. */
    int position;

    Instrument instrument = Instrument.PIANO;

    /** Ticks, by program. */
    final int[] duration = new int[CodeKind.INSTRUMENT.count()];

    /** MIDI velocity, by program. */
    final int[] velocity = new int[CodeKind.INSTRUMENT.count()];

    NoteState() {
        Arrays.fill(duration, Piece.TICKS_PER_QUARTER);
        Arrays.fill(velocity, 84);
    }

    void nextBar() {
        bar++;
        position = 0;
    }
}
