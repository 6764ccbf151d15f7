package org.encore.model.kernels;

import java.util.Arrays;

/** The derivative of a loss by what {@link RowStatistics} holds, row by row: what the gradient of the logits is made of. */
public final class RowCoefficients {
    private final double[] byLogProb;
    private final double[] byEntropy;
    private final double[] byKl;

    /** Makes room for a number of rows; every coefficient is 0. */
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
