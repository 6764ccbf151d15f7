package org.encore.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.statistics.BradleyTerry.Game;
import org.junit.jupiter.api.Test;

class ClustersTest {
    private static final double[] INFLUENCE = {1, 2, -3, 4};

    @Test
    void variancesByHand() {
        assertEquals((1 + 4 + 9 + 16) * 4.0 / 3.0, Clusters.none(4).variance(INFLUENCE), 1e-12);
        Clusters rows = Clusters.of(List.of("x", "x", "y", "y"));
        assertEquals((9 + 1) * 2.0, rows.variance(INFLUENCE), 1e-12);
        // Rows 3 and 7, columns 4 and 6; each observation is the only one of its row and column.
        double[] alike = {1, 2, 3, 4};
        Clusters columns = Clusters.of(List.of(1, 2, 1, 2));
        double crossed = (9 + 49) * 2.0 + (16 + 36) * 2.0 - (1 + 4 + 9 + 16) * 4.0 / 3.0;
        assertEquals(crossed, rows.crossedWith(columns).variance(alike), 1e-12);
        assertEquals(crossed, columns.crossedWith(rows).variance(alike), 1e-12);
        // By inclusion and exclusion 20 + 80 - 40, less than the columns alone.
        assertEquals(80, rows.crossedWith(columns).variance(INFLUENCE), 1e-12);
    }

    /** Pairs ab, bc, ab, cd: sums a -2, b 0, c 6, d 4; the pair ab, -2, shares both its members and counts once. */
    @Test
    void pairsShareMembers() {
        Clusters pairs = Clusters.ofPairs(List.of("a", "b", "b", "c"), List.of("b", "c", "a", "d"));
        double corrected = 4 + 0 + 36 + 16 - (4 + 4 + 16);
        assertEquals(corrected * 4.0 / 3.0, pairs.variance(INFLUENCE), 1e-9);
    }

    /** Student's t with one degree of freedom: 12.706. */
    @Test
    void twoClustersSayLittle() {
        Interval interval = Clusters.of(List.of("x", "x", "y", "y")).mean(new double[] {1, 1, 3, 3});
        assertEquals(new Interval(2, interval.low(), interval.high()), interval);
        assertEquals(12.7062 * Math.sqrt((0.25 + 0.25) * 2), interval.halfWidth(), 1e-3);
        Interval none = Clusters.of(List.of("x", "x")).mean(new double[] {1, 3});
        assertTrue(Double.isNaN(none.low()) && none.value() == 2.0);
        assertThrows(IllegalArgumentException.class, () -> Clusters.none(3).variance(INFLUENCE));
    }

    @Test
    void aShareStaysBetweenItsBounds() {
        Interval share = Clusters.none(10).share(new double[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 0});
        assertTrue(share.high() < 1.0 && share.low() > 0.4, share.toString());
        assertEquals(new Interval(1, 1, 1), Clusters.none(3).share(new double[] {1, 1, 1}));
    }

    /** Two systems with a clip for each prompt, and 5 unanimous raters: each wins half the prompts, yet clips decide. */
    @Test
    void unanimousRatersLeaveNothingToChance() {
        List<Game> games = new ArrayList<>();
        List<Integer> raters = new ArrayList<>();
        for (int prompt = 0; prompt < 40; prompt++) {
            for (int rater = 0; rater < 5; rater++) {
                games.add(new Game(2 * prompt, 2 * prompt + 1, prompt % 2 == 0 ? 1 : -1));
                raters.add(rater);
            }
        }
        Interval ceiling =
                AccuracyCeiling.of(80, games, raters, new Bootstrap(100, 1)).orElseThrow();
        assertTrue(ceiling.value() > 0.99, ceiling.toString());
    }

    @Test
    void ratersWhoTossCoinsLeaveAllToChance() {
        RandomGenerator random = new RandomStreams(1).stream(Purpose.SAMPLING);
        List<Game> games = new ArrayList<>();
        List<Integer> raters = new ArrayList<>();
        for (int i = 0; i < 4000; i++) {
            int first = random.nextInt(40);
            games.add(new Game(first, (first + 1 + random.nextInt(39)) % 40, random.nextBoolean() ? 1 : -1));
            raters.add(i % 20);
        }
        Interval ceiling =
                AccuracyCeiling.of(40, games, raters, new Bootstrap(100, 1)).orElseThrow();
        assertTrue(ceiling.low() == 0.5 && ceiling.high() < 0.56, ceiling.toString());
    }

    /** The votes of one rater say nothing about others, nor do single votes on each clip. */
    @Test
    void whatCannotBeSaidIsRefused() {
        List<Game> games = new ArrayList<>();
        List<Integer> one = new ArrayList<>();
        List<Integer> several = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            games.add(new Game(2 * i, 2 * i + 1, 1));
            games.add(new Game(2 * i, 2 * i + 1, 1));
            one.addAll(List.of(7, 7));
            several.addAll(List.of(i, i));
        }
        assertTrue(AccuracyCeiling.of(200, games, one, new Bootstrap(100, 1)).isEmpty());
        assertTrue(
                AccuracyCeiling.of(200, games, several, new Bootstrap(100, 1)).isEmpty());
        assertTrue(AccuracyCeiling.of(0, List.of(), List.of(), new Bootstrap(100, 1))
                .isEmpty());
    }

    /** The documented limit: half of the pairs unanimous, half decided by chance, so that 75 % is true. */
    @Test
    void strengthsFarFromNormalAreOff() {
        RandomGenerator random = new RandomStreams(1).stream(Purpose.SAMPLING);
        List<Game> games = new ArrayList<>();
        List<Integer> raters = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            int pair = i % 2000;
            games.add(new Game(2 * pair, 2 * pair + 1, pair % 2 == 0 || random.nextBoolean() ? 1 : -1));
            raters.add(i / 2000);
        }
        Interval ceiling =
                AccuracyCeiling.of(4000, games, raters, new Bootstrap(100, 1)).orElseThrow();
        assertEquals(0.75, ceiling.value(), 0.07);
    }

    /** All influences add up to nothing at the fit, and an item's own wins raise it. */
    @Test
    void influencesOnStrengths() {
        List<Game> games =
                List.of(new Game(0, 1, 1), new Game(0, 1, -1), new Game(0, 1, 1), new Game(1, 2, 0), new Game(2, 0, 1));
        double[] on = Davidson.fit(3, games).influence(games).on(0);
        double sum = 0.0;
        for (double each : on) {
            sum += each;
        }
        // But for the prior, whose pull the influences balance.
        assertEquals(0.0, sum, 0.05);
        assertTrue(on[0] > 0.0 && on[1] < 0.0 && on[4] < 0.0);
    }
}
