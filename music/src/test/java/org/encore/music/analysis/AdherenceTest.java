package org.encore.music.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.music.Instrument;
import org.encore.music.Meter;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.etudes.Etudes;
import org.encore.music.text.Attributes;
import org.encore.music.text.Attributes.Aspect;
import org.encore.music.text.Attributes.Density;
import org.encore.music.text.Attributes.MeterKind;
import org.encore.music.text.Attributes.Mode;
import org.encore.music.text.Attributes.Style;
import org.encore.music.text.Attributes.TempoBand;
import org.encore.music.text.Attributes.Texture;
import org.encore.music.text.Timbre;
import org.junit.jupiter.api.Test;

class AdherenceTest {
    private static final Attributes ALL = Attributes.NONE
            .with(Style.CHORALE)
            .with(Set.of(Timbre.PIANO))
            .with(TempoBand.SLOW)
            .with(Mode.MAJOR)
            .with(Texture.MONOPHONIC)
            .with(Density.SPARSE)
            .with(MeterKind.QUADRUPLE);

    /** C major up and down in connected quarter notes at 72, bar lines stressed: the attributes of ALL. */
    private static final Piece SCALE =
            new Piece(72, Meter.FOUR_FOUR, line(60, 62, 64, 65, 67, 69, 71, 72, 71, 69, 67, 65, 64, 62, 59, 62, 60));

    @Test
    void aPieceThatDoesWhatIsAskedScoresOneEverywhere() {
        Adherence adherence = Adherence.of(ALL, SCALE);
        assertEquals(EnumSet.allOf(Aspect.class), adherence.verdicts().keySet());
        adherence.verdicts().forEach((aspect, verdict) -> assertEquals(1.0, verdict.score(), 1e-9, verdict.toString()));
        assertEquals(1.0, adherence.mean(), 1e-9);
    }

    @Test
    void onlyWhatIsAskedIsJudged() {
        Adherence adherence = Adherence.of(Attributes.NONE.with(TempoBand.FAST).with(Density.SPARSE), SCALE);
        assertEquals(Set.of(Aspect.TEMPO, Aspect.DENSITY), adherence.verdicts().keySet());
        assertEquals(0.5, adherence.mean(), 1e-9);
        assertEquals(
                "asked for fast: 72 beats a minute",
                adherence.verdicts().get(Aspect.TEMPO).explanation());
    }

    @Test
    void tempoFallsLinearlyOutsideItsBand() {
        assertEquals(1.0, score(Attributes.NONE.with(TempoBand.SLOW), atTempo(90)), 1e-9);
        assertEquals(0.6, score(Attributes.NONE.with(TempoBand.SLOW), atTempo(100)), 1e-9);
        assertEquals(0.0, score(Attributes.NONE.with(TempoBand.SLOW), atTempo(115)), 1e-9);
        assertEquals(0.8, score(Attributes.NONE.with(TempoBand.FAST), atTempo(124)), 1e-9);
    }

    @Test
    void aCameoIsNoPart() {
        List<Note> notes = new ArrayList<>(SCALE.notes());
        notes.add(new Note(Timbre.FLUTE.instrument(), 0, 12, 72, 84));
        Piece cameo = new Piece(72, Meter.FOUR_FOUR, notes);
        // Presence of piano 1, of the single flute note 0: recall 1/2, precision 1, F1 2/3.
        assertEquals(2.0 / 3.0, score(Attributes.NONE.with(Set.of(Timbre.PIANO, Timbre.FLUTE)), cameo), 1e-9);
        assertEquals(1.0, score(Attributes.NONE.with(Set.of(Timbre.PIANO)), cameo), 1e-9);
        assertEquals(0.0, score(Attributes.NONE.with(Set.of(Timbre.HARP)), cameo), 1e-9);
    }

    @Test
    void aTimeSignatureAloneEarnsNothing() {
        Piece relabelled = new Piece(72, Meter.THREE_FOUR, SCALE.notes());
        assertEquals(0.0, score(Attributes.NONE.with(MeterKind.TRIPLE), relabelled), 1e-9);
        assertEquals(0.0, score(Attributes.NONE.with(MeterKind.QUADRUPLE), relabelled), 1e-9);
    }

    @Test
    void modesOfOneScaleAreToldApartByTheirTonic() {
        // The white keys from D to D, ending on D: Dorian.
        Piece dorian = new Piece(
                72, Meter.FOUR_FOUR, line(62, 64, 65, 67, 69, 71, 72, 74, 72, 71, 69, 65, 64, 60, 62, 65, 62));
        assertEquals(1.0, score(Attributes.NONE.with(Mode.MODAL), dorian), 1e-9);
        assertTrue(score(Attributes.NONE.with(Mode.MAJOR), dorian) < 0.2);
        Piece minor = new Piece(
                72, Meter.FOUR_FOUR, line(69, 71, 72, 74, 76, 77, 76, 74, 72, 71, 69, 68, 69, 72, 71, 68, 69));
        assertEquals(1.0, score(Attributes.NONE.with(Mode.MINOR), minor), 1e-9);
        assertTrue(score(Attributes.NONE.with(Mode.MAJOR), minor) < 0.2);
    }

    @Test
    void nothingEarnsNothing() {
        Adherence empty = Adherence.of(ALL, new Piece(72, Meter.FOUR_FOUR, List.of()));
        empty.verdicts().forEach((aspect, verdict) -> assertEquals(0.0, verdict.score(), aspect.name()));
        assertEquals(7, empty.verdicts().size());
        assertEquals(0.0, Adherence.of(Attributes.NONE, SCALE).mean());
        assertEquals(Attributes.NONE, PieceAnalyser.analyse(new Piece(72, Meter.FOUR_FOUR, List.of())));
        Piece drumsOnly = new Piece(72, Meter.FOUR_FOUR, List.of(new Note(Instrument.DRUMS, 0, 1, 36, 84)));
        assertTrue(Adherence.of(ALL, drumsOnly).mean() < 0.1);
    }

    @Test
    void noiseAdheresToLittle() {
        double sum = 0.0;
        for (int i = 0; i < 200; i++) {
            Attributes asked = new Etudes(1).trainPrompt(i).attributes();
            sum += Adherence.of(asked, noise(i)).mean();
        }
        assertTrue(sum / 200 < 0.35, "noise adheres by " + sum / 200);
    }

    private static Piece noise(int index) {
        RandomGenerator random = new RandomStreams(3).stream(RandomStreams.Purpose.NOISE, index);
        List<Note> notes = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Instrument instrument = new Instrument(random.nextInt(129));
            int duration = 1 + random.nextInt(48);
            notes.add(
                    new Note(instrument, random.nextInt(288), duration, random.nextInt(128), 1 + random.nextInt(127)));
        }
        return new Piece(20 + random.nextInt(281), random.nextInt(2) == 0 ? Meter.FOUR_FOUR : Meter.THREE_FOUR, notes);
    }

    private static double score(Attributes asked, Piece piece) {
        return Adherence.of(asked, piece).mean();
    }

    private static Piece atTempo(int bpm) {
        return new Piece(bpm, Meter.FOUR_FOUR, SCALE.notes());
    }

    private static List<Note> line(int... keys) {
        List<Note> notes = new ArrayList<>();
        for (int i = 0; i < keys.length; i++) {
            notes.add(new Note(Instrument.PIANO, 12 * i, 12, keys[i], i % 4 == 0 ? 100 : 84));
        }
        return notes;
    }
}
