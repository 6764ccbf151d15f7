package org.encore.music.audio;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import org.encore.music.Instrument;
import org.encore.music.Meter;
import org.encore.music.Note;
import org.encore.music.Piece;

/** Measures by hand, in one thread, how many seconds of sound are rendered a second; not a test. */
final class SynthesiserBenchmark {
    private static final int ROUNDS = 10;

    private SynthesiserBenchmark() {}

    /** Piano chords, bass, flute and drums, 8.5 notes a second, half a minute. */
    static Piece band() {
        List<Note> notes = new ArrayList<>();
        for (int bar = 0; bar < 16; bar++) {
            int start = 48 * bar;
            int root = 60 - 2 * (bar % 4);
            for (int step : new int[] {0, 4, 7}) {
                notes.add(new Note(Instrument.PIANO, start, 44, root + step, 70));
                notes.add(new Note(new Instrument(73), start + 4 * step, 12, root + 12 + step, 80));
            }
            notes.add(new Note(new Instrument(33), start, 22, root - 24, 90));
            for (int beat = 0; beat < 4; beat++) {
                notes.add(new Note(Instrument.DRUMS, start + 12 * beat, 3, beat % 2 == 0 ? 36 : 38, 100));
                notes.add(new Note(Instrument.DRUMS, start + 12 * beat + 6, 3, 42, 80));
                notes.add(new Note(new Instrument(33), start + 12 * beat + 9, 3, root - 24, 80));
            }
        }
        return new Piece(105, Meter.FOUR_FOUR, notes);
    }

    public static void main(String[] args) {
        Logger log = System.getLogger(SynthesiserBenchmark.class.getName());
        Synthesiser synthesiser = new Synthesiser(Synthesiser.Settings.standard());
        Piece piece = band();
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            double rendered = 0.0;
            for (int i = 0; i < 10; i++) {
                rendered += synthesiser.render(piece).seconds();
            }
            double taken = (System.nanoTime() - start) * 1e-9;
            log.log(
                    Level.INFO,
                    "{0} notes a second: {1} times real time",
                    piece.notes().size() / piece.seconds(),
                    rendered / taken);
        }
    }
}
