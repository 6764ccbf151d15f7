package org.encore.music.corpus;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.codec.notes.NoteLanguage;

/**
 * A MIDI file's music, from which windows of whole bars are cut.
 *
 * @param name path below the folder, parts apart by {@code /}
 * @param piece the whole piece, quantised
 * @param starts the bars at which a window may start: something begins in them, and one bar fits
 */
record Song(String name, Piece piece, List<Integer> starts) {
    /** How much a window may hold. */
    record Limits(int maxCodes, double maxSeconds, ToIntFunction<Piece> codes) {
        boolean allow(Piece window) {
            return window.seconds() <= maxSeconds && codes.applyAsInt(window) <= maxCodes;
        }
    }

    /** Looks for the bars at which windows may start. */
    static Song of(String name, Piece raw, Limits limits) {
        Piece piece = NoteLanguage.quantised(raw);
        Song whole = new Song(name, piece, List.of());
        List<Integer> starts = new ArrayList<>();
        for (int bar = 0; bar < whole.bars(); bar++) {
            Piece window = whole.bars(bar, 1);
            if (!window.notes().isEmpty() && limits.allow(window)) {
                starts.add(bar);
            }
        }
        return new Song(name, piece, List.copyOf(starts));
    }

    /** The longest window from a bar that the limits allow; at least that bar. */
    Piece window(int start, Limits limits) {
        Piece window = bars(start, 1);
        for (int count = 2; start + count <= bars(); count++) {
            Piece longer = bars(start, count);
            if (!limits.allow(longer)) {
                return window;
            }
            window = longer;
        }
        return window;
    }

    /** Notes that begin in these bars, cut where the bars end; bar {@code start} becomes bar 0. */
    private Piece bars(int start, int count) {
        int from = start * piece.meter().ticksPerBar();
        int to = from + count * piece.meter().ticksPerBar();
        List<Note> notes = new ArrayList<>();
        for (int i = firstFrom(from);
                i < piece.notes().size() && piece.notes().get(i).onset() < to;
                i++) {
            Note note = piece.notes().get(i);
            int duration = Math.min(note.duration(), to - note.onset());
            notes.add(new Note(note.instrument(), note.onset() - from, duration, note.pitch(), note.velocity()));
        }
        return new Piece(piece.tempoBpm(), piece.meter(), notes);
    }

    private int bars() {
        int last = piece.notes().isEmpty()
                ? -1
                : piece.notes().get(piece.notes().size() - 1).onset();
        return last < 0 ? 0 : last / piece.meter().ticksPerBar() + 1;
    }

    /** Place of the first note that begins at or after a tick. */
    private int firstFrom(int tick) {
        int low = 0;
        int high = piece.notes().size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (piece.notes().get(middle).onset() < tick) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
