package org.encore.music.analysis.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.encore.music.Note;
import org.encore.music.Piece;

/** Follows every pitched instrument's notes in time: how connected they are, and how often they repeat their key. */
final class Lines {
    private double connectedness;
    private int gaps;
    private int steps;
    private int repeated;

    Lines(Piece piece) {
        Map<Integer, List<Note>> byProgram = new TreeMap<>();
        for (Note note : piece.notes()) {
            if (!note.instrument().isDrums()) {
                byProgram
                        .computeIfAbsent(note.instrument().program(), key -> new ArrayList<>())
                        .add(note);
            }
        }
        byProgram.values().forEach(this::follow);
    }

    /** Mean share of the time to an instrument's next onset that a note fills, in [0, 1]; 0 without notes. */
    double legato() {
        return gaps == 0 ? 0.0 : connectedness / gaps;
    }

    /** Share of onsets whose highest key is that of the instrument's previous onset; 0 without notes. */
    double repeats() {
        return steps == 0 ? 0.0 : (double) repeated / steps;
    }

    /** Notes are in order of onset, and by pitch within one. */
    private void follow(List<Note> notes) {
        int from = 0;
        int previousTop = -1;
        while (from < notes.size()) {
            int to = from;
            while (to < notes.size() && notes.get(to).onset() == notes.get(from).onset()) {
                to++;
            }
            if (to < notes.size()) {
                int gap = notes.get(to).onset() - notes.get(from).onset();
                for (Note note : notes.subList(from, to)) {
                    connectedness += Math.min(1.0, (double) note.duration() / gap);
                    gaps++;
                }
            }
            int top = notes.get(to - 1).pitch();
            if (previousTop >= 0) {
                steps++;
                repeated += top == previousTop ? 1 : 0;
            }
            previousTop = top;
            from = to;
        }
    }
}
