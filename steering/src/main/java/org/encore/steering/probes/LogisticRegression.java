package org.encore.steering.probes;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;

/**
 * Logistic regression with an L2 penalty on the weights, not on the bias: minimises {@code Σ log(1 + exp(-s (w·x + b))) + l2/2 |w|²} with s = ±1.
 *
 * <p>The minimum is unique for {@code l2 > 0} and is found by Newton's method, which here is iteratively reweighted least squares, with halved steps where a whole one would not descend.
 *
 * @param weights {@code [D]}
 * @param bias added to the product
 */
@SuppressWarnings("ArrayRecordComponent") // a result, never compared
public record LogisticRegression(double[] weights, double bias) {
    private static final int MOST_ITERATIONS = 100;
    private static final int MOST_HALVINGS = 40;
    /** Of the largest entry of the gradient, for each example. */
    private static final double PRECISION = 1e-10;

    /**
     * Fits.
     *
     * @param x examples, {@code [N][D]}
     * @param y labels, {@code [N]}
     * @param l2 strength of the penalty, above 0
     */
    public static LogisticRegression fit(double[][] x, boolean[] y, double l2) {
        int d = x[0].length;
        double[] w = new double[d + 1];
        double loss = loss(x, y, l2, w);
        for (int iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
            double[] gradient = new double[d + 1];
            double[][] hessian = new double[d + 1][d + 1];
            derivatives(x, y, l2, w, gradient, hessian);
            if (largest(gradient) <= PRECISION * x.length) {
                break;
            }
            double[] step = new CholeskyDecomposition(new Array2DRowRealMatrix(hessian, false))
                    .getSolver()
                    .solve(new ArrayRealVector(gradient, false))
                    .toArray();
            double size = 1.0;
            double[] next = moved(w, step, size);
            double nextLoss = loss(x, y, l2, next);
            for (int i = 0; i < MOST_HALVINGS && !(nextLoss <= loss); i++) {
                size /= 2.0;
                next = moved(w, step, size);
                nextLoss = loss(x, y, l2, next);
            }
            if (!(nextLoss <= loss)) {
                break; // rounding allows no further descent
            }
            w = next;
            loss = nextLoss;
        }
        double[] weights = new double[d];
        System.arraycopy(w, 0, weights, 0, d);
        return new LogisticRegression(weights, w[d]);
    }

    private static double[] moved(double[] w, double[] step, double size) {
        double[] next = w.clone();
        for (int i = 0; i < next.length; i++) {
            next[i] -= size * step[i];
        }
        return next;
    }

    private static double largest(double[] values) {
        double largest = 0.0;
        for (double value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private static double logit(double[] row, double[] w) {
        double sum = w[row.length];
        for (int i = 0; i < row.length; i++) {
            sum += w[i] * row[i];
        }
        return sum;
    }

    private static double loss(double[][] x, boolean[] y, double l2, double[] w) {
        double sum = 0.0;
        for (int n = 0; n < x.length; n++) {
            double margin = y[n] ? logit(x[n], w) : -logit(x[n], w);
            sum += margin > 0.0 ? Math.log1p(Math.exp(-margin)) : -margin + Math.log1p(Math.exp(margin));
        }
        for (int i = 0; i < w.length - 1; i++) {
            sum += 0.5 * l2 * w[i] * w[i];
        }
        return sum;
    }

    /** The Hessian is symmetric. */
    private static void derivatives(
            double[][] x, boolean[] y, double l2, double[] w, double[] gradient, double[][] hessian) {
        int d = w.length - 1;
        for (int n = 0; n < x.length; n++) {
            double p = sigmoid(logit(x[n], w));
            double residual = p - (y[n] ? 1.0 : 0.0);
            double weight = p * (1.0 - p);
            for (int i = 0; i <= d; i++) {
                double xi = i < d ? x[n][i] : 1.0;
                gradient[i] += residual * xi;
                for (int j = 0; j <= i; j++) {
                    hessian[i][j] += weight * xi * (j < d ? x[n][j] : 1.0);
                }
            }
        }
        for (int i = 0; i <= d; i++) {
            gradient[i] += i < d ? l2 * w[i] : 0.0;
            // A bias whose examples are all certain has no curvature left.
            hessian[i][i] += i < d ? l2 : 1e-12;
            for (int j = 0; j < i; j++) {
                hessian[j][i] = hessian[i][j];
            }
        }
    }

    /** {@code 1 / (1 + exp(-x))}. */
    public static double sigmoid(double x) {
        return 1.0 / (1.0 + Math.exp(-x));
    }

    /** The probability of the trait in one example, {@code [D]}. */
    public double probability(double[] example) {
        double sum = bias;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * example[i];
        }
        return sigmoid(sum);
    }
}
