package org.encore.music.degradation;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.encore.music.Instrument;
import org.encore.music.Note;
import org.encore.music.Piece;

/** Degrades notes as a player or a model can. */
public sealed interface MusicalDegradation extends Degradation {
    /**
     * Degrades a piece.
     *
     * @param strength in [0, 1]; 0 gives the piece itself
     * @param random decides where; a new stream of the clip for each call
     * @return of nearly the same length
     */
    Piece apply(Piece piece, double strength, RandomGenerator random);

    /** Adds notes at random times and keys, in the registers and by the instruments of the piece. */
    record Clutter() implements MusicalDegradation {
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

    /** Collapse into silence: no note for a share of the piece before its last notes. */
    record Gap() implements MusicalDegradation {
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

    /** Collapse into repetition: from some beat on, the beat before it repeats to the end. */
    record StuckLoop() implements MusicalDegradation {
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

        /** A note moved later by {@code shift} ticks and cut at {@code end}. */
        private static Note shortened(Note note, int shift, int end) {
            int onset = note.onset() + shift;
            int duration = Math.min(note.duration(), end - onset);
            return new Note(note.instrument(), onset, duration, note.pitch(), note.velocity());
        }
    }

    /**
     * Moves a share of the notes by a semitone or a tritone, up or down; drums stay.
     *
     * <p>Those intervals leave a key most often.
     */
    record WrongNotes() implements MusicalDegradation {
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
                // Draw both for every note, so that the stream does not depend on the strength.
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
}
