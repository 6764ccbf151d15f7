package org.encore.rewards.learned.measures;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.encore.music.Note;

/**
 * How the highest note moves from onset to onset.
 *
 * @param moves in semitones, upwards above 0
 */
record UpperLine(List<Integer> moves) {
    /** Onsets nearer than this count as one chord: a sixteenth at 120 quarter notes a minute. */
    private static final int TICKS_PER_ONSET = 3;

    static UpperLine of(List<Note> notes) {
        Map<Integer, Integer> highest = new TreeMap<>();
        notes.forEach(note -> highest.merge(note.onset() / TICKS_PER_ONSET, note.pitch(), Math::max));
        List<Integer> keys = List.copyOf(highest.values());
        List<Integer> moves = new ArrayList<>();
        for (int i = 1; i < keys.size(); i++) {
            moves.add(keys.get(i) - keys.get(i - 1));
        }
        return new UpperLine(moves);
    }

    /** Share of moves by this many semitones, up or down; 0 without moves. */
    double share(int from, int to) {
        return moves.stream()
                .mapToDouble(move -> Math.abs(move) >= from && Math.abs(move) <= to ? 1.0 : 0.0)
                .average()
                .orElse(0.0);
    }

    /** Share of so many successive moves that occurred before; 0 if there are not as many. */
    double repetition(int length) {
        Set<List<Integer>> seen = new HashSet<>();
        int windows = moves.size() - length + 1;
        int repeated = 0;
        for (int i = 0; i < windows; i++) {
            repeated += seen.add(moves.subList(i, i + length)) ? 0 : 1;
        }
        return windows <= 0 ? 0.0 : (double) repeated / windows;
    }
}
