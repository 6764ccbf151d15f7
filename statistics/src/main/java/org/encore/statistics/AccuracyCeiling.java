package org.encore.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.statistics.BradleyTerry.Game;

/**
 * The highest possible accuracy, on strict votes of a new rater, of a predictor that knows only the items: the mean of
 * max(p, 1 - p), where p is the share of all raters that prefer the first item of a pair.
 *
 * <p>How well the votes of some raters predict those of another falls short of it, the more the fewer votes an item
 * has. So we estimate how different the items are instead, in a way that noise does not bias. Let x be 1 if an item won
 * a vote and -1 if it lost. The product of two votes of different raters on one item has the expectation of the product
 * of the raters' shares, whatever the noise. If strengths are normal with standard deviation s, and a vote follows
 * Bradley and Terry (1952), it is
 *
 * <pre>
 * g(s) = E_u (E_v tanh((u - v)/2))²   for two different opponents
 * h(s) = E tanh²((u - v)/2)           for the same opponent
 * </pre>
 *
 * with u, v normal. The estimate is the s at which the sum of all products, those of an item with n votes divided by n
 * - 1, equals its expectation; and the ceiling is 1/2 + E |tanh((u - v)/2)| / 2. Votes of one rater are not multiplied
 * with each other, because the rater's own taste is in both. The method is ours.
 *
 * <p>The interval is of a parametric bootstrap: new items and raters with the estimated s vote on the pairs of the
 * data. How much more votes of the same rater agree gives the spread of the raters' tastes in it.
 *
 * <p>Limits: ties are left out; if strengths are far from normal, e.g. if half of the pairs are unanimous and half are
 * decided by chance, the estimate is up to 7 points off.
 */
public final class AccuracyCeiling {
    /** Fewest couples of votes of different raters on one item; with fewer, nothing can be said. */
    public static final int FEWEST_COUPLES = 30;

    /** The work of a bootstrap in votes; with more votes there are fewer replicates. */
    private static final long MOST_WORK = 30_000_000;

    private static final int FEWEST_REPLICATES = 100;

    /** With more votes the percentiles of the replicates cover as well as the ends of a search. */
    private static final int MOST_SEARCHED = 5000;

    private final int items;
    private final int[] first;
    private final int[] second;
    /** Number of the item with rater, opponent, or both, of each side: {@code [2 games]}, first sides first. */
    private final int[] byRater;

    private final int[] byOpponent;
    private final int[] byBoth;
    private final double[] itemWeights;
    private final Couples others;
    private final Couples own;

    private AccuracyCeiling(int items, List<Game> games, List<Integer> raters) {
        this.items = items;
        int count = games.size();
        this.first = games.stream().mapToInt(Game::first).toArray();
        this.second = games.stream().mapToInt(Game::second).toArray();
        int[] rater = raters.stream().mapToInt(Integer::intValue).toArray();
        long[] raterKeys = new long[2 * count];
        long[] opponentKeys = new long[2 * count];
        for (int side = 0; side < 2 * count; side++) {
            raterKeys[side] = Clusters.key(item(side), rater[side % count]);
            opponentKeys[side] = Clusters.key(item(side), opponent(side));
        }
        this.byRater = Clusters.numbered(raterKeys);
        this.byOpponent = Clusters.numbered(opponentKeys);
        long[] bothKeys = new long[2 * count];
        Arrays.setAll(bothKeys, side -> Clusters.key(byOpponent[side], rater[side % count]));
        this.byBoth = Clusters.numbered(bothKeys);
        double[] votes = new double[items];
        for (int side = 0; side < 2 * count; side++) {
            votes[item(side)]++;
        }
        this.itemWeights =
                Arrays.stream(votes).map(n -> n < 2.0 ? 0.0 : 1.0 / (n - 1.0)).toArray();
        double[] ones = new double[2 * count];
        Arrays.fill(ones, 1.0);
        Squares counts = squares(ones, itemWeights);
        this.others = counts.others();
        this.own = counts.own();
    }

    /**
     * Estimates the ceiling.
     *
     * @param items number of items
     * @param games votes on them; ties are left out
     * @param raters number of the rater of each game
     * @param bootstrap number of replicates and seed
     * @return empty if fewer than {@value #FEWEST_COUPLES} couples of strict votes are of different raters on one item
     */
    public static Optional<Interval> of(int items, List<Game> games, List<Integer> raters, Bootstrap bootstrap) {
        int[] strict = IntStream.range(0, games.size())
                .filter(i -> games.get(i).outcome() != 0)
                .toArray();
        List<Game> decided = IntStream.of(strict).mapToObj(games::get).toList();
        AccuracyCeiling ceiling = new AccuracyCeiling(
                items, decided, IntStream.of(strict).mapToObj(raters::get).toList());
        double[] one = new double[items];
        Arrays.fill(one, 1.0);
        double[] ones = new double[2 * decided.size()];
        Arrays.fill(ones, 1.0);
        // Each couple is in two orders.
        if (ceiling.squares(ones, one).others().total() < 2.0 * FEWEST_COUPLES) {
            return Optional.empty();
        }
        double[] won = new double[2 * decided.size()];
        for (int i = 0; i < decided.size(); i++) {
            won[i] = decided.get(i).outcome();
            won[decided.size() + i] = -decided.get(i).outcome();
        }
        return Optional.of(ceiling.interval(won, bootstrap));
    }

    private Interval interval(double[] won, Bootstrap bootstrap) {
        Squares products = squares(won, itemWeights);
        double sum = products.others().total();
        double spread = spread(sum, others);
        double tastes =
                own.total() < 2.0 ? 0.0 : tastes(spread, spread(products.own().total(), own));
        Simulated here = simulated(spread, tastes, bootstrap);
        double lowest = spread(here.low, others);
        double highest = spread(here.high, others);
        if (first.length > MOST_SEARCHED) {
            return new Interval(ceiling(spread), ceiling(lowest), ceiling(highest));
        }
        double low = end(spread, lowest, at -> (at == spread ? here : simulated(at, tastes, bootstrap)).high - sum);
        double high = end(spread, highest, at -> (at == spread ? here : simulated(at, tastes, bootstrap)).low - sum);
        return new Interval(ceiling(spread), ceiling(Math.min(low, spread)), ceiling(Math.max(high, spread)));
    }

    /**
     * The spread at which the observed sum is just one of the 2.5 % most extreme, by one step of the secant method from
     * the estimate and from the percentile of the replicates there, in the scale of expected sums.
     *
     * @param excess extreme sum of the replicates at a spread, minus the observed one
     */
    private double end(double spread, double start, DoubleUnaryOperator excess) {
        double from = others.expected(spread);
        double to = others.expected(start);
        double before = excess.applyAsDouble(spread);
        double after = excess.applyAsDouble(start);
        boolean flat = from == to || Math.abs(after - before) < 0.1 * Math.abs(to - from);
        return flat ? start : spread(to - after * (to - from) / (after - before), others);
    }

    /** The percentiles 2.5 and 97.5 of the sums of new data sets. */
    private Simulated simulated(double spread, double tastes, Bootstrap bootstrap) {
        // The raters' tastes flatten the shares of all raters, so that strengths of one rater are further apart.
        double strengths = spread * Math.sqrt(1.0 + Math.PI / 4.0 * tastes * tastes);
        int replicates = (int) Math.min(bootstrap.resamples(), Math.max(FEWEST_REPLICATES, MOST_WORK / first.length));
        RandomStreams streams = new RandomStreams(bootstrap.seed());
        double[] sums = IntStream.range(0, replicates)
                .parallel()
                .mapToDouble(number -> squares(
                                simulated(strengths, tastes, streams.stream(Purpose.BOOTSTRAP, 0, number)), itemWeights)
                        .others()
                        .total())
                .toArray();
        Interval percentiles = Interval.ofReplicates(0.0, sums);
        return new Simulated(percentiles.low(), percentiles.high());
    }

    private record Simulated(double low, double high) {}

    /** Outcomes of both sides of all games, {@code [2 games]}, of new items and raters. */
    private double[] simulated(double strengths, double tastes, RandomGenerator random) {
        double[] ofItem = new double[items];
        Arrays.setAll(ofItem, i -> strengths * random.nextGaussian());
        double[] ofRater = new double[Arrays.stream(byRater).max().orElse(-1) + 1];
        if (tastes > 0.0) {
            Arrays.setAll(ofRater, i -> tastes * random.nextGaussian());
        }
        int count = first.length;
        double[] won = new double[2 * count];
        for (int i = 0; i < count; i++) {
            double margin = ofItem[first[i]] + ofRater[byRater[i]] - ofItem[second[i]] - ofRater[byRater[count + i]];
            won[i] = random.nextDouble() < BradleyTerry.logistic(margin) ? 1.0 : -1.0;
            won[count + i] = -won[i];
        }
        return won;
    }

    /**
     * The standard deviation of a rater's own taste about the strengths, from the spread that the votes of all raters
     * show and that of votes of one: the logistic function of a normal variable has nearly the expectation of a
     * logistic function with a slope smaller by sqrt(1 + π variance / 8) (Spiegelhalter and Lauritzen 1990).
     */
    private static double tastes(double spread, double own) {
        double square = (own * own - spread * spread) / (1.0 + Math.PI / 4.0 * spread * spread);
        return Math.sqrt(Math.max(0.0, square));
    }

    /** The standard deviation of strengths at which products of couples of votes have this sum. */
    private static double spread(double sum, Couples couples) {
        double low = 0.0;
        double high = Curves.SPREADS[Curves.SPREADS.length - 1];
        if (sum >= couples.expected(high)) {
            return high;
        }
        while (high - low > 1e-6 * (1.0 + low)) {
            double middle = (low + high) / 2.0;
            if (couples.expected(middle) < sum) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static double ceiling(double spread) {
        return 0.5 + Curves.at(Curves.ABSOLUTE, spread) / 2.0;
    }

    /** Sums over couples of sides of one item: of values 1, the numbers of couples; of outcomes, their products. */
    private Squares squares(double[] values, double[] weights) {
        double[] ofItem = new double[items];
        double[] ofRater = new double[values.length];
        double[] ofOpponent = new double[values.length];
        double[] ofBoth = new double[values.length];
        int[] item = new int[values.length];
        double[] single = new double[1];
        for (int side = 0; side < values.length; side++) {
            ofItem[item(side)] += values[side];
            ofRater[byRater[side]] += values[side];
            ofOpponent[byOpponent[side]] += values[side];
            ofBoth[byBoth[side]] += values[side];
            single[0] += weights[item(side)] * values[side] * values[side];
        }
        double all = 0.0;
        for (int i = 0; i < items; i++) {
            all += weights[i] * ofItem[i] * ofItem[i];
        }
        return new Squares(
                all,
                weighted(ofRater, byRater, item, weights),
                weighted(ofOpponent, byOpponent, item, weights),
                weighted(ofBoth, byBoth, item, weights),
                single[0]);
    }

    private double weighted(double[] sums, int[] numbers, int[] item, double[] weights) {
        for (int side = 0; side < numbers.length; side++) {
            item[numbers[side]] = item(side);
        }
        double sum = 0.0;
        for (int i = 0; i < sums.length; i++) {
            sum += weights[item[i]] * sums[i] * sums[i];
        }
        return sum;
    }

    private int item(int side) {
        return side < first.length ? first[side] : second[side - first.length];
    }

    private int opponent(int side) {
        return side < first.length ? second[side] : first[side - first.length];
    }

    /** Squares of sums over all sides of an item, with a rater, with an opponent, with both, and of single sides. */
    private record Squares(double all, double rater, double opponent, double both, double single) {
        Couples others() {
            return new Couples(all - rater - (opponent - both), opponent - both);
        }

        Couples own() {
            return new Couples(rater - both, both - single);
        }
    }

    /** Sums over couples of votes on one item with different opponents, and with the same. */
    private record Couples(double different, double same) {
        double total() {
            return different + same;
        }

        double expected(double spread) {
            return different * Curves.at(Curves.DIFFERENT, spread) + same * Curves.at(Curves.SAME, spread);
        }
    }

    /** Expectations as functions of the standard deviation of strengths: tables, between whose points lines run. */
    private static final class Curves {
        private static final double LARGEST = 16.0;
        private static final int POINTS = 160;
        private static final int NODES = 161;
        private static final double REACH = 6.0;

        static final double[] SPREADS = spreads();
        static final double[] ABSOLUTE = new double[POINTS + 1];
        static final double[] SAME = new double[POINTS + 1];
        static final double[] DIFFERENT = new double[POINTS + 1];

        static {
            for (int i = 1; i < POINTS; i++) {
                fill(i, SPREADS[i]);
            }
            // The limits for unanimous raters, so that nothing is left to chance beyond the largest spread.
            ABSOLUTE[POINTS] = 1.0;
            SAME[POINTS] = 1.0;
            DIFFERENT[POINTS] = 1.0 / 3.0;
        }

        private Curves() {}

        /** Denser near 0, where strengths usually are. */
        private static double[] spreads() {
            double[] spreads = new double[POINTS + 1];
            Arrays.setAll(spreads, i -> LARGEST * Math.pow(i / (double) POINTS, 3.0));
            return spreads;
        }

        private static void fill(int i, double spread) {
            // All three are even in u, and 0 at 0.
            for (int n = NODES / 2 + 1; n < NODES; n++) {
                double u = node(n);
                double margin = Math.tanh(spread * Math.sqrt(2.0) * u / 2.0);
                ABSOLUTE[i] += 2.0 * weight(n) * margin;
                SAME[i] += 2.0 * weight(n) * margin * margin;
                double mean = 0.0;
                for (int m = 0; m < NODES; m++) {
                    mean += weight(m) * Math.tanh(spread * (u - node(m)) / 2.0);
                }
                DIFFERENT[i] += 2.0 * weight(n) * mean * mean;
            }
        }

        private static double node(int n) {
            return REACH * (2.0 * n / (NODES - 1) - 1.0);
        }

        private static double weight(int n) {
            double step = 2.0 * REACH / (NODES - 1);
            return step * Math.exp(-node(n) * node(n) / 2.0) / Math.sqrt(2.0 * Math.PI);
        }

        static double at(double[] curve, double spread) {
            double place = POINTS * Math.cbrt(spread / LARGEST);
            int below = Math.min(POINTS - 1, (int) place);
            double share = (spread - SPREADS[below]) / (SPREADS[below + 1] - SPREADS[below]);
            return curve[below] + share * (curve[below + 1] - curve[below]);
        }
    }
}
