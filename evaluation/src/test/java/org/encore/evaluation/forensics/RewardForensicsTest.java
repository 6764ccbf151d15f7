package org.encore.evaluation.forensics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.encore.evaluation.forensics.RewardForensics.Link;
import org.encore.music.Instrument;
import org.encore.music.Meter;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.codec.Clip;
import org.encore.music.text.Attributes;
import org.encore.music.text.Prompt;
import org.encore.rewards.Sample;
import org.encore.statistics.Bootstrap;
import org.encore.statistics.Correlation;
import org.encore.statistics.Interval;
import org.junit.jupiter.api.Test;

/** Runs that are made up, in which it is known what the reward follows. */
class RewardForensicsTest {
    private static final int STEPS = 20;
    private static final int SAMPLES = 16;
    private static final Bootstrap BOOTSTRAP = new Bootstrap(400, 5);

    private final SplittableRandom random = new SplittableRandom(3);

    /** Two confounders, one that rises by 4 over the run and one that stays, and what the reward makes of them. */
    private interface Reward {
        double of(double rising, double staying, double progress, double noise);
    }

    private List<SampleLine> run(Reward reward) {
        List<SampleLine> lines = new ArrayList<>();
        for (int step = 1; step <= STEPS; step++) {
            double progress = (step - 1) / (STEPS - 1.0);
            for (int sample = 0; sample < SAMPLES; sample++) {
                double rising = 4 * progress + normal();
                double staying = normal();
                lines.add(new SampleLine(
                        step,
                        sample,
                        "",
                        Map.of("r", reward.of(rising, staying, progress, normal())),
                        Map.of("rising", rising, "staying", staying),
                        Map.of("referee", -rising)));
            }
        }
        return lines;
    }

    private double normal() {
        return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
    }

    private static Link link(RewardForensics forensics, String metric) {
        return forensics.confounders().stream()
                .filter(each -> each.metric().equals(metric))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aRewardThatIsAConfounderIsFoundOut() {
        RewardForensics found = RewardForensics.of(run((rising, staying, progress, noise) -> 2 * rising + 3), BOOTSTRAP)
                .get(0);
        assertEquals("r", found.reward());
        assertEquals(STEPS * SAMPLES, found.samples());
        assertEquals(
                List.of("rising"), found.alarms().stream().map(Link::metric).toList());
        // It is a straight line of the confounder: all of the gain, whatever is drawn.
        Interval explained = link(found, "rising").explained();
        assertEquals(1.0, explained.value(), 1e-9);
        assertEquals(1.0, explained.low(), 1e-9);
        assertEquals(1.0, link(found, "rising").spearman().value(), 1e-9);
        assertEquals(found.end() - found.start(), found.gain().value(), 1e-9);
        assertEquals(2 * link(found, "rising").change().value(), found.gain().value(), 1e-9);
        assertEquals(-1.0, found.referee().get(0).spearman().value(), 1e-9);
        assertFalse(link(found, "staying").explainsTheGain());
    }

    /** Pieces of a policy that makes them longer, and a reward that pays by the second: seconds are named. */
    @Test
    void aRewardThatPaysForLengthIsFoundOut() {
        List<SampleLine> lines = new ArrayList<>();
        for (int step = 1; step <= STEPS; step++) {
            for (int sample = 0; sample < SAMPLES; sample++) {
                int count = 4 + step / 2 + random.nextInt(8);
                List<Note> notes = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    notes.add(new Note(Instrument.PIANO, 12 * i, 12, 50 + random.nextInt(20), 60 + random.nextInt(40)));
                }
                Piece piece = new Piece(120, Meter.FOUR_FOUR, notes);
                Sample made = Sample.of(new Prompt("music", Attributes.NONE), Clip.of(piece, () -> null));
                lines.add(new SampleLine(
                        step,
                        sample,
                        "music",
                        Map.of("r", piece.seconds() + 0.2 * normal()),
                        SampleLine.Confounders.of(made),
                        Map.of()));
            }
        }
        List<String> alarms = RewardForensics.of(lines, BOOTSTRAP).get(0).alarms().stream()
                .map(Link::metric)
                .toList();
        assertTrue(alarms.contains("seconds"), alarms::toString);
        assertFalse(alarms.contains("mean_pitch"), alarms::toString);
    }

    @Test
    void aConfounderThatOnlyRisesAtTheSameTimeIsNotBlamed() {
        RewardForensics found = RewardForensics.of(
                        run((rising, staying, progress, noise) -> 5 * progress + 0.3 * noise), BOOTSTRAP)
                .get(0);
        assertTrue(found.gain().isAbove(3.0), found::toString);
        // Over the run they go together, as two things do that both rise; within an iteration they do not.
        assertTrue(link(found, "rising").spearman().isAbove(0.5), found::toString);
        assertTrue(link(found, "rising").explained().isBelow(0.2), found::toString);
        assertEquals(List.of(), found.alarms());
    }

    /** Rewards that rise for reasons of their own, while one confounder rises by chance and another stays. */
    @Test
    void cleanRunsRarelyRaiseAnAlarm() {
        int alarms = 0;
        for (int i = 0; i < 1000; i++) {
            List<SampleLine> lines = run((rising, staying, progress, noise) -> 2 * progress + noise).stream()
                    .filter(line -> line.sample() < 4)
                    .toList();
            RewardForensics found =
                    RewardForensics.of(lines, new Bootstrap(100, i)).get(0);
            alarms += found.alarms().isEmpty() ? 0 : 1;
        }
        assertTrue(alarms <= 70, alarms + " alarms in 1,000 clean runs");
    }

    @Test
    void aFifthIsNotMostOfTheGain() {
        // Of a gain of 5, the confounder's rise of 4 gives 1.
        RewardForensics found = RewardForensics.of(
                        run((rising, staying, progress, noise) -> 4 * progress + 0.25 * rising), BOOTSTRAP)
                .get(0);
        assertTrue(link(found, "rising").explained().contains(0.2), found::toString);
        assertEquals(List.of(), found.alarms());
    }

    @Test
    void withoutAGainThereIsNothingToExplain() {
        RewardForensics found = RewardForensics.of(run((rising, staying, progress, noise) -> -rising), BOOTSTRAP)
                .get(0);
        assertTrue(found.gain().isBelow(0.0));
        assertTrue(Double.isNaN(link(found, "rising").explained().value()));
        assertEquals(List.of(), found.alarms());
        RewardForensics single = RewardForensics.of(
                        run((rising, staying, progress, noise) -> rising).subList(0, SAMPLES), BOOTSTRAP)
                .get(0);
        assertTrue(Double.isNaN(single.gain().value()), "one iteration has no course");
        assertTrue(link(single, "rising").spearman().isAbove(0.9));
        assertEquals(List.of(), RewardForensics.of(List.of(), BOOTSTRAP));
    }

    @Test
    void correlationsAreThoseOfTheSamplesThatHaveBoth() {
        List<SampleLine> lines = new ArrayList<>();
        double[] x = new double[60];
        double[] y = new double[60];
        for (int i = 0; i < x.length; i++) {
            x[i] = Math.rint(5 * normal());
            y[i] = x[i] + 4 * normal();
            boolean abstains = i % 7 == 0;
            lines.add(new SampleLine(
                    1 + i / 10, i % 10, "", abstains ? Map.of() : Map.of("r", y[i]), Map.of("x", x[i]), Map.of()));
            y[i] = abstains ? Double.NaN : y[i];
        }
        RewardForensics found = RewardForensics.of(lines, BOOTSTRAP).get(0);
        Interval spearman = link(found, "x").spearman();
        assertEquals(Correlation.of(x, y).spearman(), spearman.value(), 1e-12);
        assertTrue(spearman.low() < spearman.value() && spearman.value() < spearman.high());
        assertEquals(found, RewardForensics.of(lines, BOOTSTRAP).get(0));
        assertEquals(51, found.samples());
    }

    @Test
    void longRunsAreThinned() {
        List<SampleLine> lines = new ArrayList<>();
        for (int i = 0; i < 40_000; i++) {
            lines.add(new SampleLine(1 + i / 16, i % 16, "", Map.of("r", (double) i), Map.of("x", 1.0), Map.of()));
        }
        RewardForensics found = RewardForensics.of(lines, new Bootstrap(100, 1)).get(0);
        assertEquals(4000, found.samples());
        assertTrue(Double.isNaN(link(found, "x").spearman().value()), "a metric that never changes");
    }

    /**
     * Easy prompts get longer pieces and higher scores, but the scores do not follow the length within a prompt: no slope,
     * although both rise over the run.
     */
    @Test
    void differencesOfPromptsAreNoSlope() {
        List<SampleLine> lines = new ArrayList<>();
        for (int step = 1; step <= STEPS; step++) {
            double progress = (step - 1) / (STEPS - 1.0);
            for (int sample = 0; sample < SAMPLES; sample++) {
                double ease = 3.0 * (sample / 4 % 3);
                lines.add(new SampleLine(
                        step,
                        sample,
                        "prompt " + sample / 4,
                        Map.of("r", ease + 4 * progress + normal()),
                        Map.of("seconds", ease + 4 * progress + normal()),
                        Map.of()));
            }
        }
        RewardForensics found = RewardForensics.of(lines, BOOTSTRAP).get(0);
        assertTrue(link(found, "seconds").explained().contains(0.0), found.toString());
        assertTrue(found.alarms().isEmpty());
        List<SampleLine> unnamed = lines.stream()
                .map(line -> new SampleLine(
                        line.step(), line.sample(), "", line.rewards(), line.confounders(), line.referee()))
                .toList();
        // Without the prompts' names the same samples look as if length paid.
        assertEquals(
                List.of("seconds"),
                RewardForensics.of(unnamed, BOOTSTRAP).get(0).alarms().stream()
                        .map(Link::metric)
                        .toList());
    }
}
