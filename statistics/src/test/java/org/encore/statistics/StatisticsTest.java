package org.encore.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Against values by hand and, for intervals, against how often they hold. */
class StatisticsTest {
    @Test
    void correlationsLeaveOutWhatIsNoNumber() {
        double[] x = {1, 2, 3, 4, Double.NaN};
        double[] y = {1, 3, 2, 10, 5};
        // Means 2.5 and 4; products 4.5 + 0.5 - 1 + 9 = 13; squares 5 and 9 + 1 + 4 + 36 = 50.
        assertEquals(13 / Math.sqrt(250), Correlation.of(x, y).pearson(), 1e-12);
        // Ranks 1 3 2 4: 1 - 6 * 2 / (4 * 15).
        assertEquals(0.8, Correlation.of(x, y).spearman(), 1e-12);
        assertEquals(13.0 / 5, Correlation.of(x, y).slope(), 1e-12);
        assertTrue(Double.isNaN(
                Correlation.of(new double[] {1, 2}, new double[] {1, 2}).spearman()));
        assertTrue(Double.isNaN(
                Correlation.of(new double[] {1, 2, 3}, new double[] {2, 2, 2}).pearson()));
        assertThrows(IllegalArgumentException.class, () -> Correlation.of(new double[2], new double[3]));
    }

    @Test
    void aucCountsPairs() {
        // 5 beats 1, 2, 3; 3 beats 1, 2 and ties with 3; 0 beats none: 3 + 2.5 of 9.
        assertEquals(5.5 / 9, Correlation.auc(new double[] {1, 2, 3}, new double[] {5, 3, 0}), 1e-12);
        assertEquals(1, Correlation.auc(new double[] {1}, new double[] {2}), 0);
        assertTrue(Double.isNaN(Correlation.auc(new double[0], new double[] {2})));
    }

    @Test
    void meansLeaveOutWhatIsNoNumber() {
        assertEquals(2, Means.of(1, Double.NaN, 3), 0);
        assertTrue(Double.isNaN(Means.of()));
        assertEquals(3, Means.of(new double[] {9, 2, 4, 9}, 1, 3), 0);
        assertTrue(Double.isNaN(Means.of(new double[] {9, 2}, 1, 1)));
    }

    /** The mean of 100 fair coins has a deviation of 0.05, so the interval is about 0.2 wide. */
    @Test
    void intervalsOfAMeanAreAsWideAsItsDeviationSays() {
        double[] coins = IntStream.range(0, 100).mapToDouble(i -> i % 2).toArray();
        Interval interval = new Bootstrap(2000, 3).mean(coins);
        assertEquals(0.5, interval.value(), 0);
        assertEquals(0.5 - 1.96 * 0.05, interval.low(), 0.015);
        assertEquals(0.5 + 1.96 * 0.05, interval.high(), 0.015);
        assertEquals(interval, new Bootstrap(2000, 3).mean(coins));
        assertTrue(interval.holds(0.5) && interval.isAbove(0.3) && interval.isBelow(0.7) && !interval.holds(0.7));
    }

    @Test
    void anUndefinedFigureHasNoInterval() {
        Interval interval = new Bootstrap(100, 3).mean(new double[] {Double.NaN, Double.NaN});
        assertTrue(Double.isNaN(interval.value()) && Double.isNaN(interval.low()) && Double.isNaN(interval.high()));
        assertThrows(IllegalArgumentException.class, () -> new Bootstrap(99, 1));
    }
}
