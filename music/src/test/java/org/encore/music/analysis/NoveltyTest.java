package org.encore.music.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.encore.music.Instrument;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.corpus.EtudeCorpus;
import org.junit.jupiter.api.Test;

class NoveltyTest {
    private static final List<Piece> TRAINING = IntStream.range(0, 40)
            .mapToObj(i -> new EtudeCorpus(1).train(i).piece())
            .toList();

    private static Piece transposed(Piece piece, int semitones) {
        return new Piece(
                piece.tempoBpm(),
                piece.meter(),
                piece.notes().stream()
                        .map(note -> note.instrument().isDrums()
                                ? note
                                : new Note(
                                        note.instrument(),
                                        note.onset(),
                                        note.duration(),
                                        note.pitch() + semitones,
                                        note.velocity()))
                        .toList());
    }

    private static Piece scale(int notes, int interval) {
        List<Note> line = new ArrayList<>();
        for (int i = 0; i < notes; i++) {
            line.add(new Note(new Instrument(0), 12 * i, 12, 40 + interval * i, 80));
        }
        return new Piece(120, TRAINING.get(0).meter(), line);
    }

    @Test
    void aCopyIsNotNewEvenTransposed() {
        Novelty novelty = new Novelty(TRAINING);
        assertEquals(1.0, novelty.nearest(TRAINING.get(7)));
        assertEquals(1.0, novelty.nearest(transposed(TRAINING.get(7), 2)));
        Piece other = new EtudeCorpus(1).train(1000).piece();
        assertTrue(novelty.nearest(other) < 0.5);
        assertTrue(Double.isNaN(novelty.nearest(scale(8, 1))), "seven moves are no n-gram of eight");
    }

    @Test
    void halfACopyIsHalfNew() {
        Novelty novelty = new Novelty(List.of(scale(20, 1)));
        // 12 n-grams of the scale, 12 others, and 7 across the seam.
        List<Note> notes = new ArrayList<>(scale(20, 1).notes());
        for (Note note : scale(20, 2).notes()) {
            notes.add(new Note(note.instrument(), note.onset() + 240, 12, note.pitch(), 80));
        }
        assertEquals(12.0 / 32.0, novelty.nearest(new Piece(120, TRAINING.get(0).meter(), notes)), 1e-12);
    }

    @Test
    void distinctCountsWhatASetRepeats() {
        // A scale of 20 notes has 19 moves, 16 n-grams of four, all alike.
        assertEquals(1.0 / 16.0, Novelty.distinct(List.of(scale(20, 1))), 1e-12);
        assertEquals(2.0 / 32.0, Novelty.distinct(List.of(scale(20, 1), scale(20, 2))), 1e-12);
        assertTrue(Novelty.distinct(TRAINING) > Novelty.distinct(List.of(TRAINING.get(0), TRAINING.get(0))));
        assertTrue(Double.isNaN(Novelty.distinct(List.of())));
    }
}
