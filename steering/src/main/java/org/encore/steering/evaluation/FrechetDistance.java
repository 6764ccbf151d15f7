package org.encore.steering.evaluation;

import java.util.Arrays;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.stat.correlation.Covariance;
import org.encore.statistics.Interval;

/**
 * The Fréchet distance of two sets of embeddings, as of normal distributions: {@code |m - n|² + tr(S + T - 2 (S T)^½)}.
 *
 * <p>It is biased upwards by small sets: compare only sets of one size, and with the distance of two sets of one kind.
 *
 * @paper Kilgour et al. 2019, Fréchet Audio Distance, <a href="https://arxiv.org/abs/1812.08466">arXiv 1812.08466</a>; here with embeddings of our own
 */
final class FrechetDistance {
    private static final int GROUPS = 10;
    private static final double Z = 1.959964;

    private FrechetDistance() {}

    /** The distance. Shapes: {@code [N][D]}, N at least 2 */
    static double of(double[][] first, double[][] second) {
        RealMatrix s = new Covariance(first).getCovarianceMatrix();
        RealMatrix t = new Covariance(second).getCovarianceMatrix();
        double[] m = mean(first);
        double[] n = mean(second);
        double square = 0.0;
        for (int i = 0; i < m.length; i++) {
            square += (m[i] - n[i]) * (m[i] - n[i]);
        }
        // S T has the eigenvalues of the symmetric S^½ T S^½.
        RealMatrix root = root(s);
        RealMatrix product = root.multiply(t).multiply(root);
        double trace = 0.0;
        for (double value : new EigenDecomposition(symmetric(product)).getRealEigenvalues()) {
            trace += Math.sqrt(Math.max(0.0, value));
        }
        return Math.max(0.0, square + s.getTrace() + t.getTrace() - 2.0 * trace);
    }

    private static double[] mean(double[][] rows) {
        double[] mean = new double[rows[0].length];
        for (double[] row : rows) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += row[i] / rows.length;
            }
        }
        return mean;
    }

    private static RealMatrix root(RealMatrix s) {
        EigenDecomposition eigen = new EigenDecomposition(symmetric(s));
        double[] values = eigen.getRealEigenvalues();
        RealMatrix vectors = eigen.getV();
        RealMatrix scaled = vectors.copy();
        for (int j = 0; j < values.length; j++) {
            double factor = Math.sqrt(Math.max(0.0, values[j]));
            for (int i = 0; i < values.length; i++) {
                scaled.multiplyEntry(i, j, factor);
            }
        }
        return scaled.multiply(vectors.transpose());
    }

    /** Without the rounding that would give it complex eigenvalues. */
    private static RealMatrix symmetric(RealMatrix matrix) {
        return matrix.add(matrix.transpose()).scalarMultiply(0.5);
    }

    /**
     * The distance with a 95 % interval by the jackknife over ten groups of pieces, which does not repeat pieces as a bootstrap would: repeated pieces look like less varied ones. With fewer than twenty pieces there is none.
     *
     * @param first and {@code second}: of the same pieces, in the same order
     */
    static Interval interval(double[][] first, double[][] second) {
        double all = of(first, second);
        if (first.length < 2 * GROUPS) {
            return new Interval(all, Double.NaN, Double.NaN);
        }
        double[] left = new double[GROUPS];
        for (int g = 0; g < GROUPS; g++) {
            left[g] = of(without(first, g), without(second, g));
        }
        double mean = Arrays.stream(left).average().orElseThrow();
        double square = 0.0;
        for (double each : left) {
            square += (each - mean) * (each - mean);
        }
        double error = Math.sqrt((GROUPS - 1.0) / GROUPS * square);
        return new Interval(all, Math.max(0.0, all - Z * error), all + Z * error);
    }

    private static double[][] without(double[][] rows, int group) {
        double[][] kept = new double[rows.length][];
        int count = 0;
        for (int i = 0; i < rows.length; i++) {
            if (i % GROUPS != group) {
                kept[count++] = rows[i];
            }
        }
        return Arrays.copyOf(kept, count);
    }
}
