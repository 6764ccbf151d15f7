package org.encore.music.degradation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.music.Instrument;
import org.encore.music.Meter;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.degradation.Degradation.Degradations;
import org.encore.music.degradation.MusicalDegradation.Clutter;
import org.encore.music.degradation.MusicalDegradation.Gap;
import org.encore.music.degradation.MusicalDegradation.StuckLoop;
import org.encore.music.degradation.MusicalDegradation.WrongNotes;
import org.junit.jupiter.api.Test;

class MusicalDegradationTest {
    private static final int BEAT = 12;

    /** A hundred beats of a rising scale on the piano, a drum on each. */
    private final Piece piece = piece(100);

    private static Piece piece(int beats) {
        List<Note> notes = new ArrayList<>();
        for (int beat = 0; beat < beats; beat++) {
            notes.add(new Note(Instrument.PIANO, BEAT * beat, BEAT, 20 + beat % 80, 90));
            notes.add(new Note(Instrument.DRUMS, BEAT * beat, 3, 38, 90));
        }
        return new Piece(120, Meter.FOUR_FOUR, notes);
    }

    private static RandomGenerator random() {
        return new RandomStreams(3).stream(Purpose.DEGRADATION, 7);
    }

    private static List<Note> played(Piece piece, Instrument instrument) {
        return piece.notes().stream()
                .filter(note -> note.instrument().equals(instrument))
                .toList();
    }

    private List<Integer> moves(double strength) {
        List<Note> before = played(piece, Instrument.PIANO);
        List<Note> after = played(new WrongNotes().apply(piece, strength, random()), Instrument.PIANO);
        List<Integer> moves = new ArrayList<>();
        for (int i = 0; i < before.size(); i++) {
            assertEquals(before.get(i).onset(), after.get(i).onset());
            moves.add(after.get(i).pitch() - before.get(i).pitch());
        }
        return moves;
    }

    @Test
    void wrongNotesMoveTheirShareAndSpareDrums() {
        List<Integer> moves = moves(1.0);
        // 100 notes, each wrong with probability 0.6: 60 with a standard deviation of 4.9.
        int wrong = (int) moves.stream().filter(move -> move != 0).count();
        assertEquals(60, wrong, 15);
        assertTrue(Set.of(-6, -1, 0, 1, 6).containsAll(moves));
        assertEquals(
                played(piece, Instrument.DRUMS),
                played(new WrongNotes().apply(piece, 1.0, random()), Instrument.DRUMS));
    }

    @Test
    void whatIsWrongAtALowStrengthIsWrongAtAHighOne() {
        List<Integer> weak = moves(0.3);
        List<Integer> strong = moves(0.8);
        int wrong = 0;
        for (int i = 0; i < weak.size(); i++) {
            if (weak.get(i) != 0) {
                assertEquals(weak.get(i), strong.get(i));
                wrong++;
            }
        }
        assertTrue(wrong > 5, "only " + wrong + " wrong notes at strength 0.3");
    }

    @Test
    void wrongNotesStayOnTheKeyboard() {
        Piece edge = new Piece(120, Meter.FOUR_FOUR, List.of(new Note(Instrument.PIANO, 0, BEAT, 127, 90)));
        for (int seed = 0; seed < 20; seed++) {
            Piece moved = new WrongNotes().apply(edge, 1.0, new RandomStreams(seed).stream(Purpose.DEGRADATION));
            assertTrue(moved.notes().get(0).pitch() <= 127);
        }
    }

    @Test
    void aStuckLoopRepeatsTheBeatBeforeIt() {
        // 90 % of 100 beats are left to the loop, so beat 9, with pitch 29, is played from beat 10 on.
        Piece stuck = new StuckLoop().apply(piece, 1.0, random());
        List<Note> piano = played(stuck, Instrument.PIANO);
        assertEquals(100, piano.size());
        for (int beat = 0; beat < 100; beat++) {
            assertEquals(BEAT * beat, piano.get(beat).onset());
            assertEquals(20 + Math.min(beat, 9), piano.get(beat).pitch());
        }
        assertEquals(100, played(stuck, Instrument.DRUMS).size());
        assertEquals(piece.lengthTicks(), stuck.lengthTicks());
    }

    @Test
    void aStuckLoopLooksForABeatWithNotes() {
        List<Note> notes = List.of(
                new Note(Instrument.PIANO, 0, BEAT, 60, 90), new Note(Instrument.PIANO, 7 * BEAT, 3 * BEAT, 62, 90));
        // Ten beats; half of 90 % would begin at beat 6, before which there is nothing until beat 7 has been played.
        Piece stuck = new StuckLoop().apply(new Piece(120, Meter.FOUR_FOUR, notes), 0.5, random());
        assertEquals(
                List.of(0, 84, 96, 108), stuck.notes().stream().map(Note::onset).toList());
        assertEquals(10 * BEAT, stuck.lengthTicks());
    }

    @Test
    void aGapEndsWithTheLastNotes() {
        // The last notes start at tick 1188; 95 % of that is silent, from tick ceil(59.4) = 60 on.
        Piece hollow = new Gap().apply(piece, 1.0, random());
        Set<Integer> onsets = new TreeSet<>();
        hollow.notes().forEach(note -> onsets.add(note.onset()));
        assertEquals(Set.of(0, 12, 24, 36, 48, 1188), onsets);
        assertEquals(piece.lengthTicks(), hollow.lengthTicks());
        assertTrue(hollow.notes().stream().noneMatch(note -> note.onset() < 60 && note.end() > 60));
    }

    @Test
    void clutterAddsWhatItSaysAndKeepsWhatWasThere() {
        for (double strength : new double[] {0.25, 1.0}) {
            Piece cluttered = new Clutter().apply(piece, strength, random());
            // 200 notes, and twice as many more at strength 1.
            assertEquals(200 + 400 * strength, cluttered.notes().size());
            assertTrue(cluttered.notes().containsAll(piece.notes()));
            assertEquals(piece.lengthTicks(), cluttered.lengthTicks());
            assertEquals(100, played(cluttered, Instrument.DRUMS).size());
        }
    }

    @Test
    void strengthZeroChangesNothingAndStreamsDecide() {
        for (MusicalDegradation degradation : Degradations.musical()) {
            assertEquals(piece, degradation.apply(piece, 0.0, random()), degradation.name());
            assertEquals(
                    degradation.apply(piece, 0.6, random()),
                    degradation.apply(piece, 0.6, random()),
                    degradation.name());
        }
    }

    @Test
    void piecesWithoutNotesStayEmpty() {
        Piece empty = new Piece(120, Meter.FOUR_FOUR, List.of());
        for (MusicalDegradation degradation : Degradations.musical()) {
            assertEquals(empty, degradation.apply(empty, 1.0, random()), degradation.name());
        }
    }
}
