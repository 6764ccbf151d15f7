package org.encore.steering.page;

import java.util.ArrayList;
import java.util.List;
import org.encore.music.Note;
import org.encore.music.Piece;

/** A piece in the making. */
sealed interface Music {
    /** Its length, in seconds. */
    double seconds();

    /**
     * Whole bars of notes.
     *
     * @param piece what its codec can write; notes may ring on behind the last bar
     * @param bars their number
     */
    record Notes(Piece piece, int bars) implements Music {
        @Override
        public double seconds() {
            return bars * secondsPerBar();
        }

        double secondsPerBar() {
            return piece.meter().ticksPerBar() * piece.secondsPerTick();
        }

        int ticks() {
            return bars * piece.meter().ticksPerBar();
        }

        /** The last bars, as a piece that begins with them. */
        Notes last(int count) {
            int first = ticks() - count * piece.meter().ticksPerBar();
            return new Notes(new Piece(piece.tempoBpm(), piece.meter(), moved(notesFrom(first), -first)), count);
        }

        /** The notes that start at a tick or later. */
        List<Note> notesFrom(int tick) {
            return piece.notes().stream().filter(note -> note.onset() >= tick).toList();
        }

        /**
         * This with more bars behind it.
         *
         * @param added their notes, from tick 0 on; what starts behind the bars is left out
         */
        Notes with(List<Note> added, int count) {
            int end = count * piece.meter().ticksPerBar();
            List<Note> all = new ArrayList<>(piece.notes());
            all.addAll(moved(added.stream().filter(note -> note.onset() < end).toList(), ticks()));
            return new Notes(new Piece(piece.tempoBpm(), piece.meter(), all), bars + count);
        }

        static List<Note> moved(List<Note> notes, int ticks) {
            return notes.stream()
                    .map(note -> new Note(
                            note.instrument(), note.onset() + ticks, note.duration(), note.pitch(), note.velocity()))
                    .toList();
        }
    }

    /**
     * Sound.
     *
     * @param codes of a neural codec, {@code [K][F]}
     * @param framesPerSecond the codec's
     */
    @SuppressWarnings("ArrayRecordComponent") // one sound is another if its codes are other objects
    record Sound(int[][] codes, double framesPerSecond) implements Music {
        int frames() {
            return codes[0].length;
        }

        @Override
        public double seconds() {
            return frames() / framesPerSecond;
        }
    }
}
