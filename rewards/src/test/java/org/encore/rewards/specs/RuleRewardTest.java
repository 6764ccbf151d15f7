package org.encore.rewards.specs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.encore.music.Instrument;
import org.encore.music.Meter;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.analysis.Adherence;
import org.encore.music.text.Attributes;
import org.encore.music.text.Attributes.MeterKind;
import org.encore.music.text.Attributes.TempoBand;
import org.encore.music.text.Timbre;
import org.encore.rewards.Sample;
import org.encore.rewards.Score;
import org.encore.rewards.TestRewards;
import org.encore.rewards.specs.RuleReward.Consonance;
import org.encore.rewards.specs.RuleReward.Length;
import org.encore.rewards.specs.RuleReward.NoteDensity;
import org.encore.rewards.specs.RuleReward.RuleAdherence;
import org.junit.jupiter.api.Test;

class RuleRewardTest {
    /** Sixteen quarter notes at 120 a minute: 8 seconds, 2 notes a second. */
    private static final Piece SCALE = piece(60, 62, 64, 65, 67, 69, 71, 72, 72, 71, 69, 67, 65, 64, 62, 60);

    private static final Attributes ASKED =
            Attributes.NONE.with(TempoBand.FAST).with(Set.of(Timbre.PIANO)).with(MeterKind.TRIPLE);

    @Test
    void ruleAdherenceIsTheMeanOfTheVerdicts() {
        Score score = new RuleAdherence().score(TestRewards.sample(ASKED, SCALE));
        Adherence oracle = Adherence.of(ASKED, SCALE);
        assertEquals(3, oracle.verdicts().size());
        double sum = 0.0;
        for (Adherence.Verdict verdict : oracle.verdicts().values()) {
            sum += verdict.score();
        }
        assertEquals(sum / 3, score.value(), 1e-12);
        assertTrue(score.explanation().addsUp(1e-12), score.explanation()::outline);
        assertEquals(
                List.of("instruments", "tempo", "meter"),
                score.explanation().details().stream()
                        .map(each -> each.description())
                        .toList());
        assertTrue(score.value() > 0.0 && score.value() < 1.0, score.explanation()::outline);
    }

    @Test
    void ruleAdherenceTellsRightFromWrong() {
        Attributes piano = Attributes.NONE.with(Set.of(Timbre.PIANO));
        Attributes flute = Attributes.NONE.with(Set.of(Timbre.FLUTE));
        RuleAdherence rules = new RuleAdherence();
        assertEquals(1.0, rules.score(TestRewards.sample(piano, SCALE)).value(), 1e-12);
        assertEquals(0.0, rules.score(TestRewards.sample(flute, SCALE)).value(), 1e-12);
        assertEquals(
                0.0,
                rules.score(TestRewards.sample(piano, TestRewards.emptyPiece())).value(),
                1e-12);
    }

    @Test
    void rulesAbstainWhereTheyKnowNothing() {
        Sample sound = TestRewards.silence(1).get(0);
        Sample nothingAsked = TestRewards.sample(Attributes.NONE, SCALE);
        assertAbstains("the prompt mentions nothing that rules can check", new RuleAdherence(), nothingAsked);
        assertAbstains(
                "the clip is sound alone",
                new RuleAdherence(),
                Sample.of(TestRewards.sample(ASKED, SCALE).prompt(), sound.clip()));
        assertAbstains("the clip is sound alone", new Consonance(), sound);
        assertAbstains("the clip is sound alone", new NoteDensity(1), sound);
    }

    @Test
    void consonanceCountsWhatSoundsTogether() {
        Consonance consonance = new Consonance();
        // A third that lasts three quarters, a minor second that lasts one.
        Piece mixed = new Piece(
                120, Meter.FOUR_FOUR, List.of(note(0, 36, 60), note(0, 36, 64), note(36, 12, 60), note(36, 12, 61)));
        assertEquals(0.75, consonance.score(notes(mixed)).value(), 1e-12);
        assertEquals(1.0, consonance.score(notes(SCALE)).value(), 1e-12);
        assertEquals(0.0, consonance.score(notes(TestRewards.emptyPiece())).value(), 0.0);
    }

    @Test
    void noteDensityIsARatioEitherWay() {
        assertEquals(1.0, new NoteDensity(2).score(notes(SCALE)).value(), 1e-12);
        assertEquals(0.5, new NoteDensity(4).score(notes(SCALE)).value(), 1e-12);
        assertEquals(0.25, new NoteDensity(0.5).score(notes(SCALE)).value(), 1e-12);
        assertEquals(
                0.0, new NoteDensity(2).score(notes(TestRewards.emptyPiece())).value(), 0.0);
    }

    @Test
    void lengthFallsOffBeyondItsBounds() {
        assertEquals(1.0, new Length(8, 8).score(notes(SCALE)).value(), 1e-12);
        assertEquals(0.5, new Length(16, 20).score(notes(SCALE)).value(), 1e-12);
        assertEquals(0.25, new Length(1, 2).score(notes(SCALE)).value(), 1e-12);
        assertEquals(
                0.0, new Length(1, 2).score(notes(TestRewards.emptyPiece())).value(), 0.0);
        // A second of sound without notes.
        assertEquals(0.25, new Length(4, 5).score(TestRewards.silence(1).get(0)).value(), 1e-12);
    }

    @Test
    void batchesKeepTheirOrder() {
        Piece half = piece(60, 62, 64, 65, 67, 69, 71, 72);
        List<Score> scores = new Length(8, 8).reward("l").score(List.of(notes(half), notes(SCALE), notes(half)));
        assertEquals(List.of(0.5, 1.0, 0.5), scores.stream().map(Score::value).toList());
    }

    @Test
    void refuseWhatMakesNoSense() {
        assertEquals(
                "atLeastSeconds is 3.0 and atMostSeconds is 2.0, but must satisfy 0 < atLeastSeconds <= atMostSeconds",
                assertThrows(IllegalArgumentException.class, () -> new Length(3, 2))
                        .getMessage());
        assertEquals(
                "notesPerSecond is 0.0, but must be above 0 and finite",
                assertThrows(IllegalArgumentException.class, () -> new NoteDensity(0))
                        .getMessage());
    }

    private static void assertAbstains(String reason, RuleReward reward, Sample sample) {
        Score score = reward.score(sample);
        assertTrue(score.abstains());
        assertEquals(reason, score.explanation().description());
    }

    private static Sample notes(Piece piece) {
        return TestRewards.sample(Attributes.NONE, piece);
    }

    private static Piece piece(int... pitches) {
        List<Note> notes = new ArrayList<>();
        for (int i = 0; i < pitches.length; i++) {
            notes.add(note(i * Piece.TICKS_PER_QUARTER, Piece.TICKS_PER_QUARTER, pitches[i]));
        }
        return new Piece(120, Meter.FOUR_FOUR, notes);
    }

    private static Note note(int onset, int duration, int pitch) {
        return new Note(Instrument.PIANO, onset, duration, pitch, 80);
    }
}
