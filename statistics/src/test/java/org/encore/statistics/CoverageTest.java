package org.encore.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.statistics.BradleyTerry.Game;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * How often intervals of 95 % hold the truth: 400 data sets with a known truth for each kind of interval. The table in
 * {@code docs/statistics.md} holds the figures; {@code -Dencore.docs=write} writes them.
 */
class CoverageTest {
    private static final int REPETITIONS = 400;
    private static final Path PAGE = Path.of("..", "docs", "statistics.md");
    private static final String HEAD = "| interval | data | covers | mean half width | bias |\n|---|---|---|---|---|\n";
    private static final Map<String, String> ROWS = new TreeMap<>();

    /**
     * Draws data sets, and checks that 92 to 98 % of the intervals cover.
     *
     * @param interval of one data set, minus the truth
     * @return mean of the estimates minus the truth
     */
    private static double assertCovers(String kind, String data, Function<RandomGenerator, Interval> interval) {
        List<Interval> all = IntStream.range(0, REPETITIONS)
                .parallel()
                .mapToObj(i -> interval.apply(new RandomStreams(20).stream(Purpose.SAMPLING, i)))
                .toList();
        double covered = 100.0 * all.stream().filter(each -> each.contains(0.0)).count() / REPETITIONS;
        double width = Means.of(all.stream().mapToDouble(Interval::halfWidth).toArray());
        double bias = Means.of(all.stream().mapToDouble(Interval::value).toArray());
        String row =
                String.format(Locale.ROOT, "| %s | %s | %.1f %% | %.4f | %+.4f |", kind, data, covered, width, bias);
        ROWS.put(kind + data, row);
        assertTrue(covered >= 92.0 && covered <= 98.0, row);
        return bias;
    }

    @AfterAll
    static void thePageHoldsTheFigures() throws IOException {
        if (ROWS.size() < 14) {
            return; // Only some of the tests were run.
        }
        String page = Files.readString(PAGE);
        int start = page.indexOf(HEAD) + HEAD.length();
        int end = page.indexOf("\n\n", start) + 1;
        String table = ROWS.values().stream().map(row -> row + "\n").collect(Collectors.joining());
        if ("write".equals(System.getProperty("encore.docs"))) {
            Files.writeString(PAGE, page.substring(0, start) + table + page.substring(end));
            return;
        }
        // Another processor's exponentials may move single intervals.
        assertEquals(
                names(table), names(page.substring(start, end)), "docs/statistics.md: run with -Dencore.docs=write");
    }

    private static List<String> names(String table) {
        return table.lines()
                .map(row -> row.replaceAll("\\|[^|]*\\|[^|]*\\|[^|]*\\|$", ""))
                .toList();
    }

    private static Interval minus(Interval interval, double truth) {
        return new Interval(interval.value() - truth, interval.low() - truth, interval.high() - truth);
    }

    private static double[] normal(RandomGenerator random, int count, double deviation) {
        double[] values = new double[count];
        Arrays.setAll(values, i -> deviation * random.nextGaussian());
        return values;
    }

    /** Five ratings of each of some raters, of whom some are lenient: mostly 4 and 5. */
    private static double[] ratings(RandomGenerator random, int raters) {
        double[] leniency = normal(random, raters, 0.4);
        double[] noise = normal(random, 5 * raters, 0.7);
        double[] ratings = new double[5 * raters];
        Arrays.setAll(ratings, i -> Math.max(1.0, Math.min(5.0, Math.rint(4.2 + leniency[i / 5] + noise[i]))));
        return ratings;
    }

    private static double coin(RandomGenerator random, double p) {
        return random.nextDouble() < p ? 1.0 : 0.0;
    }

    @Test
    void simpleIntervals() {
        assertCovers("share (Wilson)", "120 votes, 60 % for one", random -> {
            double won =
                    IntStream.range(0, 120).mapToDouble(i -> coin(random, 0.6)).sum();
            return minus(Interval.ofShare(won, 120), 0.6);
        });
        assertCovers("correlation (Fisher)", "50 points, correlation 0.6", random -> {
            double[] x = normal(random, 50, 1.0);
            double[] noise = normal(random, 50, 0.8);
            double[] y = new double[50];
            Arrays.setAll(y, i -> 0.6 * x[i] + noise[i]);
            return minus(Interval.ofCorrelation(Correlation.of(x, y).pearson(), 50), 0.6);
        });
        assertCovers("mean (bootstrap)", "60 normal values", random -> new Bootstrap(400, random.nextLong())
                .mean(normal(random, 60, 1.0)));
    }

    @Test
    void meansOfClusters() {
        assertCovers("mean of clusters (bootstrap)", "60 clusters of 5 values, half of the variance common", random -> {
            double[] common = normal(random, 60, 1.0);
            double[] values = normal(random, 300, 1.0);
            Arrays.setAll(values, i -> values[i] + common[i / 5]);
            List<Integer> clusters =
                    IntStream.range(0, 300).mapToObj(i -> i / 5).toList();
            return new Bootstrap(400, random.nextLong()).mean(clusters, values);
        });
        assertCovers("mean of clusters", "15 clusters of 10 values, half of the variance common", random -> {
            double[] common = normal(random, 15, 1.0);
            double[] values = normal(random, 150, 1.0);
            Arrays.setAll(values, i -> values[i] + common[i / 10]);
            return Clusters.of(IntStream.range(0, 150).mapToObj(i -> i / 10).toList())
                    .mean(values);
        });
        double truth = Arrays.stream(ratings(new SplittableRandom(1), 20_000))
                .average()
                .orElseThrow();
        assertCovers("opinion score", "12 raters with 5 ratings from 1 to 5, leniency and noise", random -> {
            Interval mean = Clusters.of(
                            IntStream.range(0, 60).mapToObj(i -> i / 5).toList())
                    .meanOnScale(ratings(random, 12), 1.0, 5.0);
            assertTrue(mean.low() >= 1.0 && mean.high() <= 5.0, mean::toString);
            return minus(mean, truth);
        });
        assertCovers("paired difference", "64 pieces, correlation 0.95", random -> {
            double[] one = normal(random, 64, 1.0);
            double[] noise = normal(random, 64, Math.sqrt(1.0 - 0.95 * 0.95));
            double[] other = new double[64];
            Arrays.setAll(other, i -> 0.95 * one[i] + noise[i]);
            return Clusters.none(64).pairedDifference(other, one);
        });
    }

    /** Raters vote once on each prompt for one of two systems; the rate is that of new raters on new prompts. */
    private static double[] votes(RandomGenerator random, int prompts, double deviation) {
        double[] prompt = normal(random, prompts, deviation);
        double[] rater = normal(random, 30, 0.5);
        double[] won = new double[30 * prompts];
        Arrays.setAll(won, i -> coin(random, BradleyTerry.logistic(prompt[i % prompts] + rater[i / prompts])));
        return won;
    }

    private static Clusters crossed(int prompts) {
        List<Integer> all = IntStream.range(0, 30 * prompts).boxed().toList();
        return Clusters.of(all.stream().map(i -> i / prompts).toList())
                .crossedWith(Clusters.of(all.stream().map(i -> i % prompts).toList()));
    }

    @Test
    void sharesOfCrossedClusters() {
        for (double deviation : new double[] {0.0, 0.5, 1.0}) {
            assertCovers(
                    "win rate, raters and prompts",
                    "30 raters on 20 prompts, deviation of prompts " + deviation + " nats",
                    random -> minus(crossed(20).share(votes(random, 20, deviation)), 0.5));
        }
    }

    /** A vote is right if a score that errs by clip is; each of 60 clips is in ten votes. */
    @Test
    void accuracyOfVotesOnCommonClips() {
        assertCovers("accuracy, clips", "60 clips in 300 votes, error by clip", random -> {
            double[] clips = normal(random, 60, 0.7);
            List<Integer> a = new ArrayList<>();
            List<Integer> b = new ArrayList<>();
            double[] hits = new double[300];
            for (int i = 0; i < hits.length; i++) {
                a.add(random.nextInt(60));
                b.add((a.get(i) + 1 + random.nextInt(59)) % 60);
                hits[i] = coin(random, 0.5 + 0.2 * Math.tanh(clips[a.get(i)] + clips[b.get(i)]));
            }
            return minus(Clusters.ofPairs(a, b).share(hits), 0.5);
        });
    }

    /** Three systems at 0.5, 0 and -0.5 nats; raters and prompts prefer the first system by a normal amount. */
    @Test
    void strengthsOfSystems() {
        double truth = limit();
        assertCovers("strength, raters and prompts", "3 systems, 30 raters on 20 prompts, ties", random -> {
            double[] strengths = {0.5, 0.0, -0.5};
            double[][] prompt = {normal(random, 20, 0.5), normal(random, 20, 0.5), normal(random, 20, 0.5)};
            List<Game> games = new ArrayList<>();
            for (int i = 0; i < 600; i++) {
                int a = i % 3;
                int b = (a + 1) % 3;
                double margin = strengths[a] + prompt[a][i % 20] - strengths[b] - prompt[b][i % 20];
                double[] p = new BradleyTerry(-0.5).probabilities(margin);
                double draw = random.nextDouble();
                games.add(new Game(a, b, draw < p[0] ? 1 : draw < p[0] + p[1] ? -1 : 0));
            }
            Davidson fit = Davidson.fit(3, games);
            return minus(
                    crossed(20)
                            .interval(
                                    fit.strengths().get(0), fit.influence(games).on(0)),
                    truth);
        });
    }

    /** The first strength fitted to very many such votes: prompts differ, which flattens the odds over all prompts. */
    private static double limit() {
        RandomGenerator random = new RandomStreams(4).stream(Purpose.SAMPLING);
        double[] strengths = {0.5, 0.0, -0.5};
        List<Game> games = new ArrayList<>();
        for (int i = 0; i < 600_000; i++) {
            int a = i % 3;
            int b = (a + 1) % 3;
            double margin = strengths[a] - strengths[b] + 0.5 * Math.sqrt(2.0) * random.nextGaussian();
            double[] p = new BradleyTerry(-0.5).probabilities(margin);
            double draw = random.nextDouble();
            games.add(new Game(a, b, draw < p[0] ? 1 : draw < p[0] + p[1] ? -1 : 0));
        }
        return Davidson.fit(3, games).strengths().get(0);
    }

    /**
     * Items with normal strengths of deviation 1.13, so that the ceiling of all such items is 0.745.
     *
     * @param tastes deviation of each rater's own taste for each item
     */
    private static void assertCeiling(int items, int raters, int votes, double tastes, int replicates) {
        double spread = 1.13;
        double flat = Math.sqrt(1.0 + Math.PI / 4.0 * tastes * tastes);
        // 1/2 + E |tanh(spread u / sqrt 2)| / 2 by the trapezium rule.
        double truth = 0.5;
        for (double u = 0.0; u < 8.0; u += 1e-3) {
            truth += 1e-3
                    * Math.exp(-u * u / 2.0)
                    / Math.sqrt(2.0 * Math.PI)
                    * Math.tanh(spread * u / flat / Math.sqrt(2));
        }
        double expected = truth;
        String data = String.format(
                Locale.ROOT,
                "%d items, %d raters with %d votes%s; %.3f is true",
                items,
                raters,
                votes,
                tastes > 0.0 ? " and tastes of their own" : "",
                truth);
        double bias = assertCovers("ceiling", data, random -> {
            double[] strengths = normal(random, items, spread);
            List<Game> games = new ArrayList<>();
            List<Integer> judges = new ArrayList<>();
            for (int r = 0; r < raters; r++) {
                double[] own = normal(random, items, tastes);
                for (int v = 0; v < votes; v++) {
                    int a = random.nextInt(items);
                    int b = (a + 1 + random.nextInt(items - 1)) % items;
                    double margin = strengths[a] + own[a] - strengths[b] - own[b];
                    games.add(new Game(a, b, random.nextDouble() < BradleyTerry.logistic(margin) ? 1 : -1));
                    judges.add(r);
                }
            }
            return minus(
                    AccuracyCeiling.of(items, games, judges, new Bootstrap(replicates, random.nextLong()))
                            .orElseThrow(),
                    expected);
        });
        assertEquals(0.0, bias, 0.01, data);
    }

    @Test
    void ceilings() {
        assertCeiling(80, 20, 10, 0.0, 400);
        assertCeiling(80, 20, 10, 1.0, 400);
        assertCeiling(400, 40, 25, 0.0, 200);
        assertCeiling(80, 60, 100, 0.0, 100);
    }
}
