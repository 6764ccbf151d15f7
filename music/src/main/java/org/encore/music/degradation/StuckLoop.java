package org.encore.music.degradation;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.encore.music.Note;
import org.encore.music.Piece;

/** Collapses into repetition: from some beat on, the beat before it is played again and again to the end. */
public record StuckLoop() implements MusicalDegradation {
    private static final double MOST = 0.9;

    @Override
    public String name() {
        return "repetition";
    }

    @Override
    public double amount(double strength) {
        return Degradation.proportion(MOST, strength);
    }

    @Override
    public String unit() {
        return "share of the piece, from its end";
    }

    @Override
    public Piece apply(Piece piece, double strength, RandomGenerator random) {
        int beat = piece.meter().ticksPerBeat();
        int end = piece.lengthTicks();
        int start = (int) Math.ceil(end * (1.0 - amount(strength)) / beat) * beat;
        List<Note> loop = List.of();
        while (start < end && loop.isEmpty()) {
            loop = between(piece, start - beat, start);
            start += loop.isEmpty() ? beat : 0;
        }
        if (start >= end) {
            return piece;
        }
        List<Note> notes = new ArrayList<>();
        for (Note note : between(piece, 0, start)) {
            notes.add(shortened(note, 0, start));
        }
        for (int shift = beat; start - beat + shift < end; shift += beat) {
            for (Note note : loop) {
                if (note.onset() + shift < end) {
                    notes.add(shortened(note, shift, Math.min(end, start + shift)));
                }
            }
        }
        return new Piece(piece.tempoBpm(), piece.meter(), notes);
    }

    private static List<Note> between(Piece piece, int first, int end) {
        return piece.notes().stream()
                .filter(note -> note.onset() >= first && note.onset() < end)
                .toList();
    }

    /** A note later by some ticks, which ends at a tick at the latest. */
    private static Note shortened(Note note, int shift, int end) {
        int onset = note.onset() + shift;
        int duration = Math.min(note.duration(), end - onset);
        return new Note(note.instrument(), onset, duration, note.pitch(), note.velocity());
    }
}
