package org.encore.model.kernels;

import java.util.Arrays;

/**
 * Statistics of rows of logits, on the host. Rows without a target hold NaN.
 *
 * <p>Reused from call to call: {@link #clear} before the first use of a batch.
 */
public final class RowStatistics {
    private final double[] logProbs;
    private final double[] entropies;
    private final double[] kls;

    /** Allocates a number of rows. */
    public RowStatistics(int rows) {
        logProbs = new double[rows];
        entropies = new double[rows];
        kls = new double[rows];
        clear();
    }

    /** Log-probability of the target, in nats. */
    public double[] logProbs() {
        return logProbs;
    }

    /** Entropy of the row's distribution, in nats. */
    public double[] entropies() {
        return entropies;
    }

    /** Exact divergence KL(row || reference row), in nats; NaN without a reference. */
    public double[] kls() {
        return kls;
    }

    public int rows() {
        return logProbs.length;
    }

    /** Sets everything to NaN. */
    public void clear() {
        Arrays.fill(logProbs, Double.NaN);
        Arrays.fill(entropies, Double.NaN);
        Arrays.fill(kls, Double.NaN);
    }

    /** The derivative of a loss with respect to {@link RowStatistics}, row by row: the input of the gradient of the logits. */
    public static final class RowCoefficients {
        private final double[] byLogProb;
        private final double[] byEntropy;
        private final double[] byKl;

        /** Allocates a number of rows; every coefficient is 0. */
        public RowCoefficients(int rows) {
            byLogProb = new double[rows];
            byEntropy = new double[rows];
            byKl = new double[rows];
        }

        /** dLoss / d log-probability of the target. */
        public double[] byLogProb() {
            return byLogProb;
        }

        /** dLoss / d entropy. */
        public double[] byEntropy() {
            return byEntropy;
        }

        /** dLoss / d exact KL. */
        public double[] byKl() {
            return byKl;
        }

        /** Sets every coefficient to 0. */
        public void clear() {
            Arrays.fill(byLogProb, 0.0);
            Arrays.fill(byEntropy, 0.0);
            Arrays.fill(byKl, 0.0);
        }
    }
}
