package org.encore.statistics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.stat.ranking.NaNStrategy;
import org.apache.commons.math3.stat.ranking.NaturalRanking;

/** Tests of hypotheses: Wilcoxon's signed-rank test, p-values of intervals, and the correction of several p-values. */
public final class Significance {
    private static final int MOST_EXACT = 50;
    private static final int MOST_EXACT_WITH_TIES = 13;

    private Significance() {}

    /**
     * Wilcoxon's (1945) signed-rank test that paired differences are distributed about 0.
     *
     * @param statistic the smaller of the sums of the ranks of positive and of negative differences
     * @param p two-sided p-value; NaN if no difference is other than 0
     * @param pairs number of differences other than 0
     */
    public record SignedRank(double statistic, double p, int pairs) {
        /**
         * Tests differences, as {@code scipy.stats.wilcoxon} does by default: zeros are left out and equal sizes get
         * their mean rank. The distribution is exact for up to {@value #MOST_EXACT} differences without zeros and equal
         * sizes, or up to {@value #MOST_EXACT_WITH_TIES} with them; else normal, with the correction for ties and
         * without one for continuity.
         *
         * @param differences one of each pair; NaN leaves a pair out
         */
        public static SignedRank of(double... differences) {
            double[] all = DoubleStream.of(differences)
                    .filter(each -> !Double.isNaN(each))
                    .toArray();
            double[] nonzero = DoubleStream.of(all).filter(each -> each != 0.0).toArray();
            if (nonzero.length == 0) {
                return new SignedRank(0.0, Double.NaN, 0);
            }
            double[] ranks = new NaturalRanking(NaNStrategy.FAILED)
                    .rank(DoubleStream.of(nonzero).map(Math::abs).toArray());
            double plus = IntStream.range(0, nonzero.length)
                    .filter(i -> nonzero[i] > 0.0)
                    .mapToDouble(i -> ranks[i])
                    .sum();
            double smaller = Math.min(plus, DoubleStream.of(ranks).sum() - plus);
            boolean tied = nonzero.length < all.length
                    || DoubleStream.of(ranks).distinct().count() < ranks.length;
            boolean exact = all.length <= (tied ? MOST_EXACT_WITH_TIES : MOST_EXACT);
            return new SignedRank(smaller, exact ? exact(ranks, smaller) : normal(ranks, smaller), nonzero.length);
        }

        /** Twice the share of the assignments of signs with at most this sum of ranks. */
        private static double exact(double[] ranks, double smaller) {
            // Mean ranks are multiples of one half, so that their doubles index the counts.
            double[] share = new double[ranks.length * (ranks.length + 1) + 1];
            share[0] = 1.0;
            for (double rank : ranks) {
                int step = (int) Math.round(2.0 * rank);
                for (int sum = share.length - 1; sum >= 0; sum--) {
                    share[sum] = (share[sum] + (sum >= step ? share[sum - step] : 0.0)) / 2.0;
                }
            }
            return Math.min(
                    1.0,
                    2.0
                            * DoubleStream.of(share)
                                    .limit(Math.round(2.0 * smaller) + 1)
                                    .sum());
        }

        /** Under the hypothesis the sum of ranks has the mean of half of all, and the variance of a quarter of squares. */
        private static double normal(double[] ranks, double smaller) {
            double mean = DoubleStream.of(ranks).sum() / 2.0;
            double variance = DoubleStream.of(ranks).map(rank -> rank * rank).sum() / 4.0;
            return twoSided((smaller - mean) / Math.sqrt(variance));
        }
    }

    /**
     * The sign test: the two-sided p-value of counts that would be equally likely; ties are no sign and are left out before.
     *
     * @param first how often one of the two happened
     * @param second how often the other did
     * @return exact; 1 without any
     */
    public static double sign(int first, int second) {
        int fewer = Math.min(first, second);
        return first + second == 0
                ? 1.0
                : Math.min(1.0, 2.0 * new BinomialDistribution(null, first + second, 0.5).cumulativeProbability(fewer));
    }

    /**
     * Holm's (1979) correction: p-values whose comparison with a level keeps the probability of any false rejection
     * below it.
     *
     * @param p p-values of all hypotheses; NaN for one that was not tested, which does not count
     * @return corrected p-values in the same order
     */
    public static List<Double> holm(List<Double> p) {
        List<Integer> order = IntStream.range(0, p.size())
                .boxed()
                .filter(i -> !Double.isNaN(p.get(i)))
                .sorted(Comparator.comparing(p::get))
                .toList();
        Double[] corrected = new Double[p.size()];
        Arrays.fill(corrected, Double.NaN);
        double least = 0.0;
        for (int i = 0; i < order.size(); i++) {
            least = Math.max(least, Math.min(1.0, (order.size() - i) * p.get(order.get(i))));
            corrected[order.get(i)] = least;
        }
        return List.of(corrected);
    }

    /**
     * The two-sided p-value of 0 that an interval of 95 % implies, if the estimate is normal about it: the half of the
     * interval towards 0 is 1.96 standard errors.
     *
     * @return NaN without an interval
     */
    public static double ofInterval(Interval interval) {
        double half = interval.value() > 0.0 ? interval.value() - interval.low() : interval.high() - interval.value();
        if (half == 0.0) {
            return interval.value() == 0.0 ? 1.0 : 0.0;
        }
        return twoSided(interval.value() * Interval.Z / half);
    }

    private static double twoSided(double z) {
        return Double.isNaN(z)
                ? Double.NaN
                : Math.min(1.0, 2.0 * new NormalDistribution().cumulativeProbability(-Math.abs(z)));
    }
}
