package org.encore.music.etudes;

import java.util.ArrayList;
import java.util.List;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.etudes.Planner.EtudePlan;
import org.encore.music.etudes.idiom.Register;
import org.encore.music.text.Timbre;

/** The notes written so far, and which of them are the leading line. */
final class Sheet {
    /** Velocities of a usual note and of the first note of a bar: the middle of a code's bin. */
    private static final int USUAL_VELOCITY = 84;

    private static final int ACCENT_VELOCITY = 100;

    private final EtudePlan plan;
    private final List<Note> notes = new ArrayList<>();
    private final List<Integer> leads = new ArrayList<>();

    Sheet(EtudePlan plan) {
        this.plan = plan;
    }

    /** The plan of the piece. */
    EtudePlan plan() {
        return plan;
    }

    /** Ticks before a bar. */
    int startOf(int bar) {
        return bar * plan.meter().ticksPerBar();
    }

    /** The key of a step over a chord, in a register: the tonic of step 0 is the one nearest below the centre. */
    int key(Register register, int step, int degree) {
        int tonic = register.nearest(plan.tonic(), register.centre() - 5);
        return register.folded(tonic + plan.scale().semitones(step, degree));
    }

    /** Writes a note. */
    void play(Timbre timbre, int onset, int ticks, int key) {
        notes.add(new Note(timbre.instrument(), onset, ticks, key, USUAL_VELOCITY));
    }

    /** Writes a note of the leading line, accented where a bar starts. */
    void lead(Timbre timbre, int onset, int ticks, int key) {
        boolean isFirst = onset % plan.meter().ticksPerBar() == 0;
        leads.add(notes.size());
        notes.add(new Note(timbre.instrument(), onset, ticks, key, isFirst ? ACCENT_VELOCITY : USUAL_VELOCITY));
    }

    /** Number of leading notes. */
    int leads() {
        return leads.size();
    }

    /** A leading note, in order of writing. */
    Note lead(int index) {
        return notes.get(leads.get(index));
    }

    /** Moves a leading note, and its octave doublings, by semitones. */
    void revise(int index, int semitones) {
        Note revised = lead(index);
        for (int place : leads) {
            Note note = notes.get(place);
            boolean isDoubling = Math.floorMod(note.pitch() - revised.pitch(), 12) == 0;
            if (note.onset() == revised.onset() && isDoubling) {
                int key = note.pitch() + semitones;
                notes.set(place, new Note(note.instrument(), note.onset(), note.duration(), key, note.velocity()));
            }
        }
    }

    /** How many pitched notes lie this many semitones above a tonic. */
    long count(int semitones) {
        return notes.stream()
                .filter(note -> !note.instrument().isDrums())
                .filter(note -> Math.floorMod(note.pitch() - plan.tonic() - semitones, 12) == 0)
                .count();
    }

    /** The piece so far. */
    Piece piece() {
        return new Piece(plan.tempoBpm(), plan.meter(), notes);
    }
}
