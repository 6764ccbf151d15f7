package org.encore.evaluation.profile;

import org.encore.evaluation.statistics.Means;

/**
 * What a model made of one piece, clean and damaged.
 *
 * @param clean loss of each code of the clean piece, {@code [K][F]}; NaN where there is none
 * @param delta what the damage adds to it, {@code [K][F]}
 * @param first first damaged frame
 * @param end first frame after the damage
 */
@SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
public record LossCurve(double[][] clean, double[][] delta, int first, int end) {
    /** The curve between log-probabilities of the clean and of the damaged codes. */
    static LossCurve of(double[][] clean, double[][] damaged, int first, int end) {
        double[][] loss = new double[clean.length][clean[0].length];
        double[][] delta = new double[clean.length][clean[0].length];
        for (int k = 0; k < clean.length; k++) {
            for (int f = 0; f < clean[k].length; f++) {
                loss[k][f] = -clean[k][f];
                delta[k][f] = clean[k][f] - damaged[k][f];
            }
        }
        return new LossCurve(loss, delta, first, end);
    }

    /** Δ of each frame, mean over codebooks, {@code [F]}. */
    public double[] meanDelta() {
        double[] mean = new double[delta[0].length];
        for (int f = 0; f < mean.length; f++) {
            double[] column = new double[delta.length];
            for (int k = 0; k < column.length; k++) {
                column[k] = delta[k][f];
            }
            mean[f] = Means.of(column);
        }
        return mean;
    }

    /** Mean loss of the clean piece. */
    public double cleanLoss() {
        double[] rows = new double[clean.length];
        for (int k = 0; k < rows.length; k++) {
            rows[k] = Means.of(clean[k]);
        }
        return Means.of(rows);
    }
}
