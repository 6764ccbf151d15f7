package org.encore.music.etudes;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.encore.music.Note;
import org.encore.music.etudes.idiom.ScaleKind;
import org.encore.music.text.Style;

/** Sees to it that the tones by which a listener knows the scale are heard, and blue notes in the blues. */
final class ScaleMarks {
    private static final int FEWEST = 2;
    private static final int BLUE = 6;
    private static final int LEADS_PER_BLUE_NOTE = 10;

    private final Sheet sheet;
    private final Form form;

    ScaleMarks(Sheet sheet, Form form) {
        this.sheet = sheet;
        this.form = form;
    }

    /** Revises as few notes of the leading line as it takes. */
    void write() {
        if (sheet.plan().truth().style().orElseThrow() == Style.BLUES) {
            revise(BLUE, Math.max(FEWEST, sheet.leads() / LEADS_PER_BLUE_NOTE), List.of(5, 7));
        }
        for (int mark : sheet.plan().scale().marks()) {
            revise(mark, FEWEST, List.of(mark - 2, mark - 1, mark + 1, mark + 2));
        }
    }

    /** Turns notes near a tone into it until it is heard often enough. */
    private void revise(int mark, int wanted, List<Integer> sources) {
        long missing = wanted - sheet.count(mark);
        for (List<Integer> candidates : List.of(candidates(mark, sources), candidates(mark, List.of()))) {
            for (int i = 0; i < candidates.size() && missing > 0; i++) {
                int place = candidates.get(spread(i, candidates.size()));
                int move = distance(sheet.lead(place), mark);
                if (move != 0) {
                    sheet.revise(place, move);
                    missing--;
                }
            }
        }
    }

    /** Leading notes off the bar lines: those at the source tones, or any; over chords that hold the mark first. */
    private List<Integer> candidates(int mark, List<Integer> sources) {
        List<Integer> fitting = new ArrayList<>();
        List<Integer> others = new ArrayList<>();
        for (int i = 1; i < sheet.leads(); i++) {
            Note note = sheet.lead(i);
            int bar = note.onset() / sheet.plan().meter().ticksPerBar();
            boolean isOnBarLine = note.onset() % sheet.plan().meter().ticksPerBar() == 0;
            int tone = Math.floorMod(note.pitch() - sheet.plan().tonic(), 12);
            if (!isOnBarLine
                    && bar < form.bars()
                    && !isPrecious(tone)
                    && (sources.isEmpty() || sources.contains(tone))) {
                (holds(form.degree(bar), mark) ? fitting : others).add(i);
            }
        }
        return fitting.isEmpty() ? others : fitting;
    }

    private boolean holds(int degree, int mark) {
        ScaleKind scale = sheet.plan().scale();
        for (int third = 0; third < 3; third++) {
            if (Math.floorMod(scale.semitones(degree + 2 * third, degree) - mark, 12) == 0) {
                return true;
            }
        }
        return false;
    }

    private int distance(Note note, int mark) {
        int up = Math.floorMod(sheet.plan().tonic() + mark - note.pitch(), 12);
        return up <= 6 ? up : up - 12;
    }

    private boolean isPrecious(int tone) {
        return tone == BLUE || IntStream.of(sheet.plan().scale().marks()).anyMatch(mark -> mark == tone);
    }

    /** Visits places far apart first. */
    private static int spread(int index, int size) {
        return (int) ((index * 5L + size / 2) % size);
    }
}
