package org.encore.music.analysis.rules;

import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.encore.music.Note;
import org.encore.music.Piece;

/**
 * Classifies each quarter note, all instruments together, as one of a few rhythmic cells.
 *
 * <p>Ticks in a beat: 0, 6 are eighths, 3 and 9 the sixteenths between, 4 and 8 triplets. The beat of the last onset is
 * left out, because pieces end on a held note.
 */
public final class BeatRhythm {
    /** The cells. */
    public enum Cell {
        /** Nothing starts. */
        REST,
        /** Only the beat itself. */
        PLAIN,
        /** Halves or quarters of the beat. */
        EVEN,
        /** A sixteenth that leads to the next beat. */
        DOTTED,
        /** Sixteenth, eighth, sixteenth. */
        SYNCOPATED,
        /** The last third of the beat without the second. */
        SHUFFLE,
        /** All thirds of the beat. */
        TRIPLET,
        /** The middle of the beat without its start. */
        OFFBEAT,
        /** Three sixteenths, then three that jump over the next beat: both beats count. */
        TRESILLO,
        /** Anything else. */
        STRAY
    }

    private static final int FOREIGN_TICKS = mask(1) | mask(2) | mask(5) | mask(7) | mask(10) | mask(11);
    private static final int BEAT = Piece.TICKS_PER_QUARTER;

    private final Map<Cell, Integer> counts = new EnumMap<>(Cell.class);
    private final NavigableSet<Integer> onsets = new TreeSet<>();

    public BeatRhythm(Piece piece) {
        for (Note note : piece.notes()) {
            onsets.add(note.onset());
        }
        for (Cell cell : Cell.values()) {
            counts.put(cell, 0);
        }
        if (!onsets.isEmpty()) {
            countCells(masks());
        }
    }

    /** How many beats are of a kind. */
    public int count(Cell cell) {
        return counts.get(cell);
    }

    /** How many beats there are from the first onset to the last. */
    public int beats() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** The distinct onsets, in ticks. */
    public NavigableSet<Integer> onsets() {
        return onsets;
    }

    /** Onsets per quarter note between the first and the last, the last not counted; 0 with fewer than two. */
    public double onsetsPerBeat() {
        if (onsets.size() < 2) {
            return 0.0;
        }
        return (onsets.size() - 1.0) * BEAT / (onsets.last() - onsets.first());
    }

    private int[] masks() {
        int first = onsets.first() / BEAT;
        int[] masks = new int[onsets.last() / BEAT - first + 1];
        for (int onset : onsets) {
            masks[onset / BEAT - first] |= mask(onset % BEAT);
        }
        return masks;
    }

    private void countCells(int[] masks) {
        boolean isSecondHalf = false;
        for (int beat = 0; beat < masks.length - 1; beat++) {
            Cell cell = isSecondHalf ? Cell.TRESILLO : cell(masks[beat], masks[beat + 1]);
            isSecondHalf = !isSecondHalf && cell == Cell.TRESILLO;
            counts.merge(cell, 1, Integer::sum);
        }
    }

    private static Cell cell(int now, int next) {
        if (now == 0) {
            return Cell.REST;
        }
        boolean hasTriplets = has(now, 4) || has(now, 8);
        boolean hasSixteenths = has(now, 3) || has(now, 6) || has(now, 9);
        if ((now & FOREIGN_TICKS) != 0 || (hasTriplets && hasSixteenths)) {
            return Cell.STRAY;
        }
        if (hasTriplets) {
            return has(now, 4) ? Cell.TRIPLET : Cell.SHUFFLE;
        }
        boolean skipsNext = next != 0 && !has(next, 0) && has(next, 6);
        if (has(now, 9) && skipsNext) {
            return has(now, 6) ? Cell.OFFBEAT : Cell.TRESILLO;
        }
        return binaryCell(now);
    }

    private static Cell binaryCell(int now) {
        if (!has(now, 0)) {
            return has(now, 6) ? Cell.OFFBEAT : has(now, 9) && !has(now, 3) ? Cell.DOTTED : Cell.STRAY;
        }
        if (has(now, 9) && !has(now, 3)) {
            return Cell.DOTTED;
        }
        if (has(now, 3) && !has(now, 6)) {
            return has(now, 9) ? Cell.SYNCOPATED : Cell.STRAY;
        }
        return now == mask(0) ? Cell.PLAIN : Cell.EVEN;
    }

    private static boolean has(int cell, int tick) {
        return (cell & mask(tick)) != 0;
    }

    private static int mask(int tick) {
        return 1 << tick;
    }
}
