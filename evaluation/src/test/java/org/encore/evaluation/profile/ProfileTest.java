package org.encore.evaluation.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.encore.base.random.RandomStreams;
import org.encore.evaluation.Codes;
import org.encore.evaluation.perturbation.Perturbation.OtherPiece;
import org.encore.evaluation.profile.ProfilePlan.ProfileSettings;
import org.encore.model.decoding.CodeSequence;
import org.encore.statistics.Bootstrap;
import org.encore.statistics.Interval;
import org.junit.jupiter.api.Test;

/**
 * Profiles of a two-state chain, derived by hand.
 *
 * <p>State 0 stays with probability 0.9, state 1 with 0.99. Piece A is all 0, piece B all 1, 60 codes each; the damage is
 * the other piece from code 20 on, for L codes. Then, with A damaged, Δ is
 *
 * <ul>
 *   <li>at code 20: {@code ln 0.9 - ln 0.1 = ln 9},
 *   <li>at the other L - 1 damaged codes: {@code ln 0.9 - ln 0.99 = -ln 1.1},
 *   <li>at code 20 + L: {@code ln 0.9 - ln 0.01 = ln 90}, and 0 everywhere else;
 * </ul>
 *
 * <p>and with B damaged: ln 99, then ln 1.1, then {@code ln 0.99 - ln 0.1 = ln 9.9}.
 */
class ProfileTest {
    private static final double TOLERANCE = 1e-9;
    private static final int FRAMES = 60;
    private static final int ONSET = 20;
    private static final double[][] CHAIN = {{0.9, 0.1}, {0.01, 0.99}};
    private static final double LN_1_1 = Math.log(1.1);

    private static Profile profile(int codebooks, int... lengths) {
        double[][][] transitions = new double[codebooks][][];
        // Further codebooks are coins: damage changes nothing there.
        Arrays.fill(transitions, new double[][] {{0.5, 0.5}, {0.5, 0.5}});
        transitions[0] = CHAIN;
        ProfileSettings settings =
                new ProfileSettings(ONSET, ProfileSettings.codes(lengths), 10, 2, new Bootstrap(1000, 1));
        ProfilePlan plan = new ProfilePlan(
                settings,
                new OtherPiece(),
                List.of(piece(codebooks, 0), piece(codebooks, 1)),
                Codes.of(codebooks, 2),
                new RandomStreams(5));
        assertEquals(2 * (1 + lengths.length), plan.sequences());
        return plan.measure(new MarkovChain(transitions));
    }

    private static CodeSequence piece(int codebooks, int state) {
        int[][] codes = new int[codebooks][FRAMES];
        for (int[] row : codes) {
            Arrays.fill(row, state);
        }
        return CodeSequence.of(codes, "any");
    }

    @Test
    void curvesAreThoseOfTheChain() {
        Profile profile = profile(1, 10, 30);
        for (int length = 0; length < 2; length++) {
            int end = ONSET + (length == 0 ? 10 : 30);
            assertEquals(ONSET, profile.curve(length, 0).first());
            assertEquals(end, profile.curve(length, 0).end());
            double[][] expected = {
                curve(end, Math.log(9), -LN_1_1, Math.log(90)), curve(end, Math.log(99), LN_1_1, Math.log(9.9))
            };
            for (int piece = 0; piece < 2; piece++) {
                double[] delta = profile.curve(length, piece).delta()[0];
                for (int f = 0; f < FRAMES; f++) {
                    assertEquals(expected[piece][f], delta[f], TOLERANCE, "frame " + f);
                }
            }
        }
    }

    private static double[] curve(int end, double onset, double inside, double back) {
        double[] delta = new double[FRAMES];
        delta[ONSET] = onset;
        Arrays.fill(delta, ONSET + 1, end, inside);
        delta[end] = back;
        return delta;
    }

    @Test
    void figuresOfALengthAreMeansOfWhatIsDerivedByHand() {
        Map<String, Interval> metrics = profile(1, 10, 30).metrics(0);
        // A: the means of the first 3, 4 and 5 codes are positive, that of codes 1 to 5 is -ln 1.1: the peak has 3
        // codes.
        double peakA = (Math.log(9) - 2 * LN_1_1) / 3;
        // B: never below 0, so the peak has the usual 5 codes.
        double peakB = (Math.log(99) + 4 * LN_1_1) / 5;
        assertFigure(metrics, "peak", peakA, peakB);
        assertFigure(metrics, "peak_area", 3 * peakA, 5 * peakB);
        assertFigure(metrics, "assimilation", -LN_1_1, LN_1_1);
        assertFigure(metrics, "assimilation_area", -7 * LN_1_1, 5 * LN_1_1);
        assertFigure(metrics, "recovery", Math.log(90) / 30, Math.log(9.9) / 30);
        assertFigure(metrics, "recovery_area", Math.log(90), Math.log(9.9));
        assertFigure(metrics, "crossed", 1, 0);
        assertFigure(
                metrics,
                "sharpness",
                (Math.log(9) - 4 * LN_1_1) / 5 + LN_1_1,
                (Math.log(99) + 4 * LN_1_1) / 5 - LN_1_1);
        // Averages over 3, 4 and 5 codes behind the damage still hold its last jump.
        assertFigure(metrics, "recovery_codes", 3, 3);
        assertFigure(metrics, "recovered", 1, 1);
        assertFigure(
                metrics,
                "delta",
                (Math.log(9) - 9 * LN_1_1 + Math.log(90)) / FRAMES,
                (Math.log(99) + 9 * LN_1_1 + Math.log(9.9)) / FRAMES);
        assertFigure(metrics, "delta_damaged", (Math.log(9) - 9 * LN_1_1) / 10, (Math.log(99) + 9 * LN_1_1) / 10);
        assertFigure(
                metrics,
                "clean_loss",
                (Math.log(2) - 59 * Math.log(0.9)) / FRAMES,
                (Math.log(2) - 59 * Math.log(0.99)) / FRAMES);
    }

    @Test
    void regionsByCodeHaveFixedPlaces() {
        Map<String, Interval> metrics = profile(1, 10, 30).metrics(0);
        // A: five zeros of lead, then ln 9; the next five are below 0. Assimilation: 9 damaged codes, the jump back, 2
        // zeros.
        double assimilationA = (-9 * LN_1_1 + Math.log(90)) / 12;
        // B: the first five codes at 0 or below follow the jump back at code 30: a peak of 16 codes, then 2 zeros.
        assertFigure(metrics, "peak_by_code", Math.log(9) / 6, (Math.log(99) + 9 * LN_1_1 + Math.log(9.9)) / 16);
        assertFigure(metrics, "assimilation_by_code", assimilationA, 0);
        assertFigure(metrics, "recovery_by_code", 0, 0);
    }

    /** Both pieces drawn twice, or each once: of 1000 draws of two, every quarter is one of the pieces alone. */
    private static void assertFigure(Map<String, Interval> metrics, String name, double a, double b) {
        Interval interval = metrics.get(name);
        assertEquals((a + b) / 2, interval.value(), TOLERANCE, name);
        assertEquals(Math.min(a, b), interval.low(), TOLERANCE, name);
        assertEquals(Math.max(a, b), interval.high(), TOLERANCE, name);
    }

    /** Of piece A alone, Δ falls by ln 1.1 with each further code. */
    @Test
    void headlinesOverLengths() {
        Profile profile = profile(1, 10, 20, 30);
        int[] onlyA = {0, 0};
        assertEquals(-LN_1_1 / FRAMES, profile.headline(Headline.SLOPE, onlyA), TOLERANCE);
        assertEquals(-1, profile.headline(Headline.PEARSON, onlyA), TOLERANCE);
        assertEquals(-1, profile.headline(Headline.SPEARMAN, onlyA), TOLERANCE);
        int[] onlyB = {1};
        assertEquals(LN_1_1 / FRAMES, profile.headline(Headline.SLOPE, onlyB), TOLERANCE);
        assertEquals(1, profile.headline(Headline.PEARSON, onlyB), TOLERANCE);
        // Both at once: what one loses the other gains.
        assertEquals(0, profile.headline(Headline.SLOPE).value(), TOLERANCE);
        assertEquals(-LN_1_1 / FRAMES, profile.headline(Headline.SLOPE).low(), TOLERANCE);
        assertEquals(LN_1_1 / FRAMES, profile.headline(Headline.SLOPE).high(), TOLERANCE);
        // No length reaches 50 codes, so all three count; the peak of A has 3 codes in each.
        double peak = (Math.log(9) - 2 * LN_1_1) / 3;
        double clean = (Math.log(2) - 59 * Math.log(0.9)) / FRAMES;
        assertEquals(peak, profile.headline(Headline.PEAK, onlyA), TOLERANCE);
        assertEquals(-LN_1_1, profile.headline(Headline.ASSIMILATION, onlyA), TOLERANCE);
        assertEquals(
                Math.log(90) * (1.0 / 30 + 1.0 / 20 + 1.0 / 10) / 3,
                profile.headline(Headline.RECOVERY, onlyA),
                TOLERANCE);
        assertEquals(clean, profile.headline(Headline.CLEAN_LOSS, onlyA), TOLERANCE);
        assertEquals(peak / (peak + clean), profile.headline(Headline.SCORE, onlyA), TOLERANCE);
    }

    @Test
    void codebooksAreAveragedAndShownApart() {
        Profile two = profile(2, 10);
        assertEquals(
                profile(1, 10).metrics(0).get("peak").value() / 2,
                two.metrics(0).get("peak").value(),
                TOLERANCE);
        List<Profile.Point> points = two.meanCurve(0, 3);
        assertEquals(2 * (3 + FRAMES - ONSET), points.size());
        Profile.Point onset = points.get(3);
        assertEquals(0, onset.frame());
        assertEquals((Math.log(9) + Math.log(99)) / 2, onset.mean(), TOLERANCE);
        assertEquals((Math.log(99) - Math.log(9)) / 2, onset.deviation(), TOLERANCE);
        assertTrue(points.stream()
                .filter(point -> point.codebook() == 1)
                .allMatch(point -> Math.abs(point.mean()) < TOLERANCE));
    }
}
