package org.encore.music.degradation;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.encore.music.Instrument;
import org.encore.music.Note;
import org.encore.music.Piece;

/** Adds notes that belong nowhere: any moment, any key in reach, by the instruments of the piece. */
public record Clutter() implements MusicalDegradation {
    private static final double MOST = 2.0;
    private static final int LOWEST_PITCH = 36;
    private static final int HIGHEST_PITCH = 96;
    private static final int LONGEST = Piece.TICKS_PER_QUARTER;

    @Override
    public String name() {
        return "clutter";
    }

    @Override
    public double amount(double strength) {
        return Degradation.proportion(MOST, strength);
    }

    @Override
    public String unit() {
        return "added notes a note";
    }

    @Override
    public Piece apply(Piece piece, double strength, RandomGenerator random) {
        List<Note> notes = new ArrayList<>(piece.notes());
        List<Note> models =
                notes.stream().filter(note -> !note.instrument().isDrums()).toList();
        long added = models.isEmpty() ? 0 : Math.round(amount(strength) * notes.size());
        for (long i = 0; i < added; i++) {
            Note model = models.get(random.nextInt(models.size()));
            notes.add(stray(model.instrument(), model.velocity(), piece.lengthTicks(), random));
        }
        return new Piece(piece.tempoBpm(), piece.meter(), notes);
    }

    private static Note stray(Instrument instrument, int velocity, int length, RandomGenerator random) {
        int onset = random.nextInt(length);
        int duration = Math.min(1 + random.nextInt(LONGEST), length - onset);
        return new Note(instrument, onset, duration, random.nextInt(LOWEST_PITCH, HIGHEST_PITCH + 1), velocity);
    }
}
