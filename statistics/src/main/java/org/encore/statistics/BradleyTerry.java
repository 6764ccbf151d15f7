package org.encore.statistics;

import java.util.List;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;

/**
 * Probability of the outcome of a game, given the margin of its two items: Bradley and Terry (1952), with ties after
 * Davidson (1970).
 *
 * <p>With margin d and tie parameter t, the first item wins in proportion to exp(d/2), the second in proportion to
 * exp(-d/2), and they tie in proportion to exp(t). Without ties, the loss of a win is -log sigmoid(d), the loss of
 * reward models (Christiano et al. 2017, equation 1). We use Davidson's model and not that of Rao and Kupper, because
 * it keeps the odds of a win against a loss at exp(d), so that margins with and without ties are on one scale, and
 * because counting a tie as half a win is then a sufficient statistic.
 *
 * @param tie the parameter t; negative infinity if there are no ties
 */
public record BradleyTerry(double tie) {
    private static final int MOST_STEPS = 50;
    private static final double TOLERANCE = 1e-8;

    public BradleyTerry {
        if (Double.isNaN(tie) || tie == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("tie is " + tie + ", but must be finite or negative infinity");
        }
    }

    /**
     * One game of two numbered items, e.g. a vote on two clips.
     *
     * @param first number of the first item
     * @param second number of the second item
     * @param outcome 1 if the first won, -1 if the second, 0 for a tie
     */
    public record Game(int first, int second, int outcome) {}

    /**
     * Results of all games between two items.
     *
     * @param difference of the features of the first and the second, {@code [features]}
     * @param wins of the first, a tie as one half
     * @param games number of games
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    public record Tally(double[] difference, double wins, double games) {}

    /** 1 / (1 + exp(-x)): the probability of a win at margin x, given no tie. */
    public static double logistic(double x) {
        return 1.0 / (1.0 + Math.exp(-x));
    }

    /**
     * The model in which items of margin 0 tie as often as all games do.
     *
     * @throws IllegalArgumentException if all games are ties
     */
    public static BradleyTerry ofCounts(long strict, long ties) {
        if (strict == 0) {
            throw new IllegalArgumentException("all " + ties + " votes are ties, but some must be strict");
        }
        return new BradleyTerry(Math.log(2.0 * ties / strict));
    }

    /**
     * Probabilities of a win of the first, a win of the second, and a tie.
     *
     * @param margin of the first over the second, in nats
     * @return three numbers that sum to 1
     */
    public double[] probabilities(double margin) {
        double half = margin / 2.0;
        double most = Math.max(Math.abs(half), tie);
        double[] weights = {Math.exp(half - most), Math.exp(-half - most), Math.exp(tie - most)};
        double sum = weights[0] + weights[1] + weights[2];
        return new double[] {weights[0] / sum, weights[1] / sum, weights[2] / sum};
    }

    /**
     * Minus the log-probability of an outcome, in nats.
     *
     * @param margin of the first over the second
     * @param outcome 1 for a win of the first, -1 of the second, 0 for a tie
     */
    public double loss(double margin, int outcome) {
        double half = Math.abs(margin) / 2.0;
        double most = Math.max(half, tie);
        double logSum = most + Math.log(Math.exp(half - most) + Math.exp(-half - most) + Math.exp(tie - most));
        return logSum - (outcome == 0 ? tie : outcome * margin / 2.0);
    }

    /** Derivative of the loss with respect to the margin. */
    public double gradient(double margin, int outcome) {
        double half = Math.abs(margin) / 2.0;
        double most = Math.max(half, tie);
        double up = Math.exp(margin / 2.0 - most);
        double down = Math.exp(-margin / 2.0 - most);
        return (up - down) / (up + down + Math.exp(tie - most)) / 2.0 - outcome / 2.0;
    }

    /**
     * The linear model of margins without ties: maximum-a-posteriori weights of features, by Newton's method with a
     * normal prior of mean 0 on each weight.
     *
     * @param features number of features
     * @param precision of the prior, above 0, in games
     * @return nats per unit of each feature, {@code [features]}
     */
    public static double[] weights(List<Tally> tallies, int features, double precision) {
        double[] weights = new double[features];
        for (int step = 0; step < MOST_STEPS; step++) {
            double[] move = newton(tallies, weights, precision);
            double largest = 0.0;
            for (int m = 0; m < features; m++) {
                weights[m] += move[m];
                largest = Math.max(largest, Math.abs(move[m]));
            }
            if (largest < TOLERANCE) {
                break;
            }
        }
        return weights;
    }

    /** The step of Newton's method; no line search is needed, because the prior keeps the curvature away from 0. */
    private static double[] newton(List<Tally> tallies, double[] weights, double precision) {
        double[] gradient = new double[weights.length];
        double[][] curvature = new double[weights.length][weights.length];
        for (int m = 0; m < weights.length; m++) {
            gradient[m] = -precision * weights[m];
            curvature[m][m] = precision;
        }
        for (Tally tally : tallies) {
            double[] x = tally.difference;
            double margin = 0.0;
            for (int m = 0; m < x.length; m++) {
                margin += weights[m] * x[m];
            }
            double p = logistic(margin);
            double slope = tally.wins - tally.games * p;
            double bend = tally.games * p * (1.0 - p);
            for (int m = 0; m < x.length; m++) {
                gradient[m] += slope * x[m];
                for (int n = 0; n <= m; n++) {
                    curvature[m][n] += bend * x[m] * x[n];
                }
            }
        }
        for (int m = 0; m < weights.length; m++) {
            for (int n = 0; n < m; n++) {
                curvature[n][m] = curvature[m][n];
            }
        }
        return solved(curvature, gradient);
    }

    /** The solution of {@code matrix · x = vector}, for a positive definite matrix. */
    static double[] solved(double[][] matrix, double[] vector) {
        return new CholeskyDecomposition(new Array2DRowRealMatrix(matrix, false))
                .getSolver()
                .solve(new ArrayRealVector(vector, false))
                .toArray();
    }

    /** The inverse of a positive definite matrix. */
    static double[][] inverse(double[][] matrix) {
        return new CholeskyDecomposition(new Array2DRowRealMatrix(matrix, false))
                .getSolver()
                .getInverse()
                .getData();
    }
}
