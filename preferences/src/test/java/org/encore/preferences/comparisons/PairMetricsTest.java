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
        assertEquals(2.5 / 4.0, metrics.accuracy(), 1e-12);
        assertEquals(LOG_3 / 4.0, metrics.margin(), 1e-12);
        assertEquals((2 * -Math.log(0.75) - Math.log(0.25) - Math.log(0.5)) / 4.0, metrics.logLoss(), 1e-12);
        // Bin 0.75 to 0.8: two of three right against 3 * 0.75; bin 0.5: a half right against 0.5.
        assertEquals(0.25 / 4.0, metrics.calibrationError(), 1e-12);
    }

    /** Ten captions, of which the first predictor predicts both votes of nine and the second one vote of each. */
    @Test
    void aDifferenceOfAccuraciesDrawsCaptions() {
        Piece silence = new Piece(120, new Meter(4, 4), List.of());
        List<ComparisonSet.Clip> clips = new ArrayList<>();
        List<Comparison> votes = new ArrayList<>();
        double[] better = new double[30];
        double[] worse = new double[30];
        for (int caption = 0; caption < 10; caption++) {
            for (int i = 0; i < 3; i++) {
                clips.add(new ComparisonSet.Clip(Path.of(caption + "-" + i), "caption " + caption, silence));
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
        // Nine captions gain one half and one loses it, so the mean of ten draws has a deviation of 0.3 / sqrt(10).
        assertEquals(4 * 0.3 / Math.sqrt(10.0), difference.high() - difference.low(), 0.12);
        assertEquals(0.5, difference.high(), 1e-12);
        Interval none = PairMetrics.accuracyDifference(set, better, better);
        assertEquals(List.of(0.0, 0.0, 0.0), List.of(none.value(), none.low(), none.high()));
    }

    @Test
    void slicesAddUp() {
        Map<String, PairMetrics> byRater = Slices.byRater(VOTES, SCORES);
        assertEquals(1.0, byRater.get("x").accuracy());
        assertEquals(0.25, byRater.get("y").accuracy());
        Map<String, PairMetrics> byConfidence = Slices.byConfidence(VOTES, SCORES);
        assertEquals(3, byConfidence.get("0.7-0.8").pairs());
        assertEquals(1, byConfidence.get("0.5-0.6").pairs());
        assertEquals(2, byConfidence.size());
        Map<String, PairMetrics> byLength = Slices.byLength(VOTES, SCORES, new double[] {5.0, 6.0, 7.0});
        assertEquals(4, byLength.values().stream().mapToInt(PairMetrics::pairs).sum());
        assertTrue(byLength.containsKey("7.0-7.0 s"), byLength.keySet().toString());
    }
}
