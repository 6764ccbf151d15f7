package org.encore.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.encore.statistics.Interval.SampleSize;
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
        assertTrue(interval.contains(0.5) && interval.isAbove(0.3) && interval.isBelow(0.7) && !interval.contains(0.7));
    }

    @Test
    void anUndefinedFigureHasNoInterval() {
        Interval interval = new Bootstrap(100, 3).mean(new double[] {Double.NaN, Double.NaN});
        assertTrue(Double.isNaN(interval.value()) && Double.isNaN(interval.low()) && Double.isNaN(interval.high()));
        assertThrows(IllegalArgumentException.class, () -> new Bootstrap(99, 1));
    }

    /** 1.96² / (4 · 0.05²) - 1.96² = 380.3; the Wilson interval of 381 votes then is just narrow enough. */
    @Test
    void votesForAWantedIntervalOfAWinRate() {
        assertEquals(381, SampleSize.votesForWinRate(0.05));
        assertTrue(Interval.ofShare(190.5, 381).halfWidth() <= 0.05);
        assertTrue(Interval.ofShare(190, 380).halfWidth() > 0.05);
        assertThrows(IllegalArgumentException.class, () -> SampleSize.votesForWinRate(0.5));
    }

    /** From Wilson's formula by hand: 8 of 10 with z = 1.96 gives [0.490, 0.943]. */
    @Test
    void intervalOfAShare() {
        Interval share = Interval.ofShare(8, 10);
        assertEquals(0.8, share.value());
        assertEquals(0.490, share.low(), 5e-4);
        assertEquals(0.943, share.high(), 5e-4);
    }

    @Test
    void aNarrowerIntervalNeedsVotesByTheSquare() {
        assertEquals(400, SampleSize.votesForHalfWidth(100, 0.2, 0.1));
    }

    /** Fisher: z = 0.5 ln(1.5 / 0.5) = 0.549306; 1.96 / sqrt(100) = 0.196; tanh(0.353306) and tanh(0.745306). */
    @Test
    void intervalOfACorrelation() {
        Interval interval = Interval.ofCorrelation(0.5, 103);
        assertEquals(0.5, interval.value(), 0);
        assertEquals(0.339304, interval.low(), 1e-5);
        assertEquals(0.632340, interval.high(), 1e-5);
    }

    /** 40 clusters of 25 equal coins hold 1000 values, but vary like 40 of them: a deviation of 0.5 / sqrt(40). */
    @Test
    void clustersAreDrawnWhole() {
        List<Integer> clusters = IntStream.range(0, 1000).mapToObj(i -> i / 25).toList();
        double[] coins = IntStream.range(0, 1000).mapToDouble(i -> i / 25 % 2).toArray();
        Interval interval = new Bootstrap(2000, 3).mean(clusters, coins);
        assertEquals(0.5, interval.value(), 0);
        assertEquals(2 * 1.96 * 0.5 / Math.sqrt(40), interval.high() - interval.low(), 0.03);
        assertThrows(IllegalArgumentException.class, () -> new Bootstrap(100, 1).mean(List.of("a"), coins));
    }

    /** Each value a cluster of its own: the same draws. Five songs behind 100 values: Student's t. */
    @Test
    void clustersOfOneAreValuesAndFewAreNotDrawn() {
        double[] values = IntStream.range(0, 100)
                .mapToDouble(i -> i % 10 == 3 ? Double.NaN : Math.sin(i))
                .toArray();
        List<Integer> own = IntStream.range(0, 100).boxed().toList();
        Interval single = new Bootstrap(200, 1).mean(own, values);
        Interval plain = new Bootstrap(200, 1).mean(values);
        assertEquals(plain.low(), single.low(), 1e-12);
        assertEquals(plain.high(), single.high(), 1e-12);
        List<Integer> songs = own.stream().map(i -> i % 5).toList();
        assertEquals(Clusters.of(songs).mean(values), new Bootstrap(200, 1).mean(songs, values));
    }

    /** A cluster counts by its values: (1 + 1 + 1 + 0) / 4 and not (1 + 0) / 2. */
    @Test
    void largeClustersWeighMore() {
        assertEquals(
                0.75,
                new Bootstrap(100, 1)
                        .mean(List.of("x", "x", "x", "y"), new double[] {1, 1, 1, 0})
                        .value(),
                0);
    }

    /** Values that differ a lot among themselves and always by 2 from the reference leave nothing to chance. */
    @Test
    void whatPairsHaveInCommonCancelsOut() {
        double[] values = {100, -50, 3, 12};
        double[] reference = {98, -52, 1, 10};
        assertEquals(new Interval(2, 2, 2), Clusters.none(4).pairedDifference(values, reference));
        assertThrows(IllegalArgumentException.class, () -> Clusters.none(4).pairedDifference(values, new double[3]));
    }
}
