package org.encore.music.degradation;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.encore.music.Note;
import org.encore.music.Piece;

/**
 * Moves a share of the notes by a semitone or a tritone, up or down; drums stay.
 *
 * <p>Those intervals leave a key most often.
 */
public record WrongNotes() implements MusicalDegradation {
    private static final double MOST = 0.6;
    private static final int[] MOVES = {-6, -1, 1, 6};
    private static final int HIGHEST = 127;

    @Override
    public String name() {
        return "wrong-notes";
    }

    @Override
    public double amount(double strength) {
        return Degradation.proportion(MOST, strength);
    }

    @Override
    public String unit() {
        return "share of notes";
    }

    @Override
    public Piece apply(Piece piece, double strength, RandomGenerator random) {
        double share = amount(strength);
        List<Note> notes = new ArrayList<>();
        for (Note note : piece.notes()) {
            // Both drawn for every note, so that the stream does not depend on the strength.
            boolean isWrong = random.nextDouble() < share;
            int move = MOVES[random.nextInt(MOVES.length)];
            notes.add(isWrong && !note.instrument().isDrums() ? moved(note, move) : note);
        }
        return new Piece(piece.tempoBpm(), piece.meter(), notes);
    }

    private static Note moved(Note note, int move) {
        int pitch = note.pitch() + move;
        int within = pitch < 0 || pitch > HIGHEST ? note.pitch() - move : pitch;
        return new Note(note.instrument(), note.onset(), note.duration(), within, note.velocity());
    }
}
