package org.encore.music.degradation;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.encore.music.Note;
import org.encore.music.Piece;

/** Collapses into silence: nothing is played for a share of the piece, until its last notes end the wait. */
public record Gap() implements MusicalDegradation {
    private static final double MOST = 0.95;

    @Override
    public String name() {
        return "silence";
    }

    @Override
    public double amount(double strength) {
        return Degradation.proportion(MOST, strength);
    }

    @Override
    public String unit() {
        return "share of the piece, up to its last notes";
    }

    @Override
    public Piece apply(Piece piece, double strength, RandomGenerator random) {
        int last = piece.notes().stream().mapToInt(Note::onset).max().orElse(0);
        int start = (int) Math.ceil(last * (1.0 - amount(strength)));
        List<Note> notes = new ArrayList<>();
        for (Note note : piece.notes()) {
            if (note.onset() >= last) {
                notes.add(note);
            } else if (note.onset() < start) {
                int duration = start < last ? Math.min(note.duration(), start - note.onset()) : note.duration();
                notes.add(new Note(note.instrument(), note.onset(), duration, note.pitch(), note.velocity()));
            }
        }
        return new Piece(piece.tempoBpm(), piece.meter(), notes);
    }
}
