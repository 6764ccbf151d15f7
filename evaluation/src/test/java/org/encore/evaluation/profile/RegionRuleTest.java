package org.encore.evaluation.profile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.encore.evaluation.profile.CurveMetrics.RegionRule;
import org.encore.evaluation.profile.CurveMetrics.RegionRule.CodeRegions;
import org.encore.evaluation.profile.CurveMetrics.RegionRule.Regions;
import org.encore.evaluation.profile.CurveMetrics.RegionRule.TextRegions;
import org.junit.jupiter.api.Test;

/** Where regions end, on short curves. */
class RegionRuleTest {
    @Test
    void averagesTakeNothingFromBeforeTheOnset() {
        double[] values = {7, 7, 3, 0, 0, 5, 5};
        double[] expected = {7, 7, 3.0 / 3, (3 + 0 + 0 + 5) / 4.0, 13 / 5.0, 10 / 4.0, 10 / 3.0};
        assertArrayEquals(expected, TextRegions.smoothed(values, 2), 1e-12);
    }

    @Test
    void aRunBeginsInsideAndMayEndOutside() {
        double[] values = {0, 0, 1, 0, 0, 0, 0, 0, 1};
        assertEquals(3, RegionRule.firstRun(values, 0, 4, 0.0));
        assertEquals(-1, RegionRule.firstRun(values, 0, 3, 0.0));
        assertEquals(-1, RegionRule.firstRun(values, 4, 9, 0.0));
        assertEquals(0, RegionRule.firstRun(values, 0, 9, 1.0));
    }

    @Test
    void aCurveBelowZeroFromTheStartHasAPeakOfOneCode() {
        double[] delta = new double[20];
        for (int f = 4; f < 14; f++) {
            delta[f] = -1;
        }
        assertEquals(new Regions(4, 5, 14, 20, true), new TextRegions().of(delta, 4, 14));
    }

    @Test
    void withoutACrossingThePeakHasItsUsualLengthOrThatOfTheDamage() {
        double[] delta = {0, 0, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2};
        assertEquals(new Regions(2, 7, 9, 12, false), new TextRegions().of(delta, 2, 9));
        assertEquals(new Regions(2, 5, 5, 12, false), new TextRegions().of(delta, 2, 5));
    }

    /** 70 codes of 0.5, which are the baseline; a peak of 60 codes is cut off after 50. */
    @Test
    void byCodeTheBaselineIsTheBeginningAndAPeakHasAnEnd() {
        double[] delta = new double[200];
        Arrays.fill(delta, 0, 70, 0.5);
        Arrays.fill(delta, 70, 200, 3.0);
        assertEquals(new Regions(65, 115, 133, 200, false), new CodeRegions().of(delta, 70, 130));
        Arrays.fill(delta, 80, 85, 0.5);
        assertEquals(new Regions(65, 80, 133, 200, true), new CodeRegions().of(delta, 70, 130));
    }
}
