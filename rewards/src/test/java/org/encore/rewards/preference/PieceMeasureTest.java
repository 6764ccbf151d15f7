package org.encore.rewards.preference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.encore.music.Instrument;
import org.encore.music.Meter;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.corpus.EtudeCorpus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A C major scale up and down in quarter notes of half a second, twice, with a drum on every beat. */
final class PieceMeasureTest {
    private static final int[] SCALE = {60, 62, 64, 65, 67, 65, 64, 62};
    private static final Piece PIECE = piece();

    private static Piece piece() {
        List<Note> notes = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            notes.add(new Note(new Instrument(0), 12 * i, 12, SCALE[i % 8], 80));
            notes.add(new Note(Instrument.DRUMS, 12 * i, 3, 36, 80));
        }
        return new Piece(120, Meter.FOUR_FOUR, notes);
    }

    @Test
    void figuresOfAPieceThatCanBeCountedByHand() {
        // Keys 60, 62, 64, 65, 67, 65, 64, 62: mean 63.625.
        assertEquals(63.625, PieceMeasure.PITCH_MEAN.of(PIECE), 1e-12);
        assertEquals(1.0, PieceMeasure.SCALE_FIT.of(PIECE), 1e-12);
        assertEquals(0.5, PieceMeasure.DRUM_SHARE.of(PIECE), 1e-12);
        assertEquals(2.0, PieceMeasure.INSTRUMENTS.of(PIECE));
        assertEquals(0.0, PieceMeasure.BASS_SHARE.of(PIECE));
        assertEquals(0.0, PieceMeasure.CLASH.of(PIECE));
        assertEquals(Math.log(0.5), PieceMeasure.DURATION.of(PIECE), 1e-12);
        assertEquals(0.0, PieceMeasure.DURATION_SPREAD.of(PIECE), 1e-6);
        assertEquals(1.0, PieceMeasure.STEPS.of(PIECE), 1e-12);
        assertEquals(0.0, PieceMeasure.REPEATED_NOTES.of(PIECE));
        assertEquals(0.0, PieceMeasure.LEAPS.of(PIECE));
        // 15 moves have 13 threes of which the last 5 are those of the first pass again, and no eight but one: 8
        // windows, none
        // repeated but the first move of the second pass would need sixteen moves.
        assertEquals(5.0 / 13.0, PieceMeasure.SHORT_MOTIFS.of(PIECE), 1e-12);
        assertEquals(0.0, PieceMeasure.LONG_MOTIFS.of(PIECE));
        // C 2/8, D 4/16, E 4/16, F 4/16, G 2/16, C 2/16 of the time.
        double entropy = 3 * -0.25 * Math.log(0.25) + 2 * -0.125 * Math.log(0.125);
        assertEquals(entropy, PieceMeasure.PITCH_CLASS_ENTROPY.of(PIECE), 1e-12);
        // Two notes a second: C and D, then E and F: nothing in common.
        assertEquals(0.0, PieceMeasure.RHYTHM_ENTROPY.of(PIECE), 0.7);
        assertTrue(PieceMeasure.BEAT.of(PIECE) > 0.8, "beat " + PieceMeasure.BEAT.of(PIECE));
    }

    @ParameterizedTest
    @EnumSource(PieceMeasure.class)
    void everyFigureIsFiniteAndTheSameAlone(PieceMeasure measure) {
        for (Piece piece : List.of(
                PIECE,
                new Piece(120, Meter.FOUR_FOUR, List.of()),
                new Piece(120, Meter.FOUR_FOUR, List.of(new Note(Instrument.DRUMS, 0, 1, 36, 80))),
                new EtudeCorpus(1).train(3).piece())) {
            double alone = measure.of(piece);
            assertTrue(Double.isFinite(alone), measure + " of " + piece.notes().size() + " notes is " + alone);
            assertEquals(
                    alone,
                    PieceMeasure.all(piece)[List.of(PieceMeasure.values()).indexOf(measure)]);
        }
    }

    @Test
    void loudnessDoesNotMatter() {
        List<Note> softer = PIECE.notes().stream()
                .map(note -> new Note(note.instrument(), note.onset(), note.duration(), note.pitch(), 30))
                .toList();
        assertArrayEquals(PieceMeasure.all(PIECE), PieceMeasure.all(new Piece(120, Meter.FOUR_FOUR, softer)), 0.0);
    }
}
