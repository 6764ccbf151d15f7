package org.encore.preferences.comparisons;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.encore.music.Meter;
import org.encore.music.Piece;
import org.encore.preferences.comparisons.ComparisonSet.Comparison;
import org.encore.preferences.comparisons.PairMetrics.Slices;
import org.encore.statistics.Interval;
import org.junit.jupiter.api.Test;

final class PairMetricsTest {
    private static final double LOG_3 = Math.log(3.0);

    /** Margins log 3 (probability 3/4) right, right, wrong; 0 counts one half; the tie does not count. */
    private static final double[] SCORES = {LOG_3, 0.0, 0.0};

    private static final List<Comparison> VOTES = List.of(
            new Comparison(0, 1, 1, "x"),
            new Comparison(1, 0, -1, "x"),
            new Comparison(0, 2, -1, "y"),
            new Comparison(1, 2, 1, "y"),
            new Comparison(0, 1, 0, "y"));

    @Test
    void figuresOfFiveVotes() {
        PairMetrics metrics = PairMetrics.of(VOTES, SCORES);
        assertEquals(4, metrics.pairs());
        assertEquals(2.5 / 4.0, metrics.accuracy().value(), 1e-12);
        assertEquals(LOG_3 / 4.0, metrics.margin(), 1e-12);
        assertEquals((2 * -Math.log(0.75) - Math.log(0.25) - Math.log(0.5)) / 4.0, metrics.logLoss(), 1e-12);
        // Bin 0.75 to 0.8: two of three right against 3 * 0.75; bin 0.5: a half right against 0.5.
        assertEquals(0.25 / 4.0, metrics.calibrationError(), 1e-12);
    }

    /** Ten captions, of which the first predictor predicts both votes of nine and the second one vote of each. */
    @Test
    void aDifferenceOfAccuraciesVariesByCaption() {
        Piece silence = new Piece(120, new Meter(4, 4), List.of());
        List<ComparisonSet.Clip> clips = new ArrayList<>();
        List<Comparison> votes = new ArrayList<>();
        double[] better = new double[30];
        double[] worse = new double[30];
        for (int caption = 0; caption < 10; caption++) {
            for (int i = 0; i < 3; i++) {
                clips.add(ComparisonSet.Clip.of(Path.of(caption + "-" + i), "caption " + caption, silence));
            }
            int first = 3 * caption;
            votes.add(new Comparison(first, first + 1, 1, "x"));
            votes.add(new Comparison(first + 2, first + 1, 1, "x"));
            votes.add(new Comparison(first, first + 1, 0, "y"));
            better[first + 1] = caption == 0 ? 1.0 : -1.0;
            worse[first] = 1.0;
            worse[first + 2] = -1.0;
        }
        ComparisonSet set = new ComparisonSet(clips, votes);
        Interval difference = PairMetrics.accuracyDifference(set, better, worse);
        assertEquals(0.9 - 0.5, difference.value(), 1e-12);
        // Nine captions gain one half and one loses it, so the mean of ten has a deviation of 0.3 / sqrt(9); Student's
        // t
        // with nine degrees of freedom.
        assertEquals(2 * 2.262 * 0.3 / 3.0, difference.high() - difference.low(), 1e-3);
        Interval none = PairMetrics.accuracyDifference(set, better, better);
        assertEquals(List.of(0.0, 0.0, 0.0), List.of(none.value(), none.low(), none.high()));
    }

    /** Scores that toss a coin for each caption, with 40 votes on each of 12 captions: 480 votes say no more than 12. */
    @Test
    void manyVotesOnFewClipsAreNoProof() {
        Piece silence = new Piece(120, new Meter(4, 4), List.of());
        List<ComparisonSet.Clip> clips = new ArrayList<>();
        List<Comparison> votes = new ArrayList<>();
        double[] scores = new double[24];
        for (int caption = 0; caption < 12; caption++) {
            clips.add(ComparisonSet.Clip.of(Path.of(caption + "-a"), "caption " + caption, silence));
            clips.add(ComparisonSet.Clip.of(Path.of(caption + "-b"), "caption " + caption, silence));
            scores[2 * caption] = caption < 7 ? 1.0 : -1.0;
            for (int i = 0; i < 40; i++) {
                votes.add(new Comparison(2 * caption, 2 * caption + 1, 1, "rater " + i));
            }
        }
        PairMetrics metrics = PairMetrics.of(new ComparisonSet(clips, votes), scores);
        assertEquals(7.0 / 12.0, metrics.accuracy().value(), 1e-12);
        assertTrue(Interval.ofShare(280, 480).isAbove(0.5));
        assertTrue(metrics.isAtChance(), metrics.accuracy().toString());
        assertTrue(PairMetrics.of(votes, scores).isAtChance());
    }

    @Test
    void slicesAddUp() {
        Map<String, PairMetrics> byRater = Slices.byRater(VOTES, SCORES);
        assertEquals(1.0, byRater.get("x").accuracy().value());
        assertEquals(0.25, byRater.get("y").accuracy().value());
        Map<String, PairMetrics> byConfidence = Slices.byConfidence(VOTES, SCORES);
        assertEquals(3, byConfidence.get("0.7-0.8").pairs());
        assertEquals(1, byConfidence.get("0.5-0.6").pairs());
        assertEquals(2, byConfidence.size());
        Map<String, PairMetrics> byLength = Slices.byLength(VOTES, SCORES, new double[] {5.0, 6.0, 7.0});
        assertEquals(4, byLength.values().stream().mapToInt(PairMetrics::pairs).sum());
        assertTrue(byLength.containsKey("7.0-7.0 s"), byLength.keySet().toString());
    }
}
