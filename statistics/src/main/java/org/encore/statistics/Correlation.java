package org.encore.statistics;

import java.util.stream.IntStream;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.apache.commons.math3.stat.ranking.NaNStrategy;
import org.apache.commons.math3.stat.ranking.NaturalRanking;
import org.apache.commons.math3.stat.regression.SimpleRegression;

/** Correlation of two variables; points with a value that is not finite are left out. */
public final class Correlation {
    private static final int FEWEST = 3;

    private final double[] x;
    private final double[] y;

    private Correlation(double[] x, double[] y) {
        this.x = x;
        this.y = y;
    }

    /** Pairs the values of equal index. */
    public static Correlation of(double[] x, double[] y) {
        if (x.length != y.length) {
            throw new IllegalArgumentException(x.length + " values cannot be paired with " + y.length);
        }
        int[] there = IntStream.range(0, x.length)
                .filter(i -> Double.isFinite(x[i]) && Double.isFinite(y[i]))
                .toArray();
        return new Correlation(
                IntStream.of(there).mapToDouble(i -> x[i]).toArray(),
                IntStream.of(there).mapToDouble(i -> y[i]).toArray());
    }

    /** Pearson's correlation; NaN for fewer than three points or if one variable is constant. */
    public double pearson() {
        return x.length < FEWEST ? Double.NaN : new PearsonsCorrelation().correlation(x, y);
    }

    /** Spearman's correlation with mean ranks for ties; NaN as {@link #pearson}. */
    public double spearman() {
        return x.length < FEWEST ? Double.NaN : new SpearmansCorrelation().correlation(x, y);
    }

    /** Least-squares slope of y over x; NaN for fewer than two different x. */
    public double slope() {
        SimpleRegression regression = new SimpleRegression();
        for (int i = 0; i < x.length; i++) {
            regression.addData(x[i], y[i]);
        }
        return regression.getSlope();
    }

    /**
     * The area under the receiver operating characteristic: the probability that a positive has a higher score than a
     * negative, ties counting half (Mann and Whitney 1947).
     *
     * @return in [0, 1]; NaN if there are no positives or no negatives
     */
    public static double auc(double[] negatives, double[] positives) {
        if (negatives.length == 0 || positives.length == 0) {
            return Double.NaN;
        }
        double[] all = new double[negatives.length + positives.length];
        System.arraycopy(negatives, 0, all, 0, negatives.length);
        System.arraycopy(positives, 0, all, negatives.length, positives.length);
        double[] ranks = new NaturalRanking(NaNStrategy.MINIMAL).rank(all);
        double sum = IntStream.range(negatives.length, all.length)
                .mapToDouble(i -> ranks[i])
                .sum();
        double p = positives.length;
        return (sum - p * (p + 1) / 2) / (p * negatives.length);
    }
}
