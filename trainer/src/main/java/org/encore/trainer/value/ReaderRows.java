package org.encore.trainer.value;

import java.util.List;
import org.encore.trainer.value.ReaderNetwork.Standard;

/** The rows of some pieces one after another, as a {@link ReaderNetwork} reads them, and sums over each piece so far. */
final class ReaderRows {
    /** Numbers of a log-ratio. */
    static final int RATIOS = 3;
    /** Numbers of what is known at a step beside its codes. */
    static final int STATE = 6;

    /** Keeps sums over a piece of the order of the means. */
    private static final double SUM_SCALE = 0.1;
    /** Keeps the logarithm of a step of the order of 1. */
    private static final double LOG_STEPS = 5.0;

    private final List<Reading> pieces;
    private final int width;
    private final int rows;

    /** Lays out; {@code width} is that of the pooled rows. */
    ReaderRows(List<Reading> pieces, int width) {
        this.pieces = pieces;
        this.width = width;
        this.rows = pieces.stream().mapToInt(Reading::steps).sum();
    }

    /** The codes that each row reads, {@code [K][N]}. */
    int[][] inputs() {
        int[][] inputs = new int[pieces.get(0).inputs().length][rows];
        int row = 0;
        for (Reading piece : pieces) {
            for (int k = 0; k < inputs.length; k++) {
                System.arraycopy(piece.inputs()[k], 0, inputs[k], row, piece.steps());
            }
            row += piece.steps();
        }
        return inputs;
    }

    /** The log-ratio l of the step before each row, as l, tanh 2l and min(l, 0), {@code [N * 3]}. */
    double[] ratios() {
        double[] ratios = new double[rows * RATIOS];
        int at = 0;
        for (Reading piece : pieces) {
            for (int t = 0; t < piece.steps(); t++) {
                double ratio = t == 0 ? 0.0 : piece.logRatios()[t - 1];
                ratios[at++] = ratio;
                ratios[at++] = Math.tanh(2.0 * ratio);
                ratios[at++] = Math.min(ratio, 0.0);
            }
        }
        return ratios;
    }

    /** Scores of complete beginnings and the place in the piece, {@code [N * 6]}. */
    double[] states(Standard standard, int mostSteps) {
        double[] states = new double[rows * STATE];
        int at = 0;
        for (Reading piece : pieces) {
            for (int t = 0; t < piece.steps(); t++) {
                int known = piece.known(t);
                states[at++] = score(piece, known - 1, standard);
                states[at++] = score(piece, known - 2, standard);
                states[at++] = known > 0 ? 1.0 : 0.0;
                states[at++] = known > 0 ? 1.0 / known : 0.0;
                states[at++] = Math.log1p(t) / LOG_STEPS;
                states[at++] = (double) t / mostSteps;
            }
        }
        return states;
    }

    private static double score(Reading piece, int place, Standard standard) {
        double score = place < 0 ? Double.NaN : piece.scores()[place];
        return Double.isNaN(score) ? 0.0 : standard.of(score);
    }

    /**
     * Sums over each piece so far, the row itself included.
     *
     * @param values rows before, their scaled sums after, {@code [N * width]}
     * @return the means
     */
    double[] pool(double[] values) {
        double[] means = new double[values.length];
        int row = 0;
        for (Reading piece : pieces) {
            for (int t = 0; t < piece.steps(); t++, row++) {
                for (int i = row * width; i < (row + 1) * width; i++) {
                    values[i] += t > 0 ? values[i - width] : 0.0;
                    means[i] = values[i] / (t + 1);
                }
            }
        }
        for (int i = 0; i < values.length; i++) {
            values[i] *= SUM_SCALE;
        }
        return means;
    }

    /**
     * The gradient of {@link #pool}: a row takes part in every later sum and mean of its piece.
     *
     * @param sums gradient of the sums before, of the rows after
     * @param means gradient of the means
     */
    void poolGradient(double[] sums, double[] means) {
        int start = 0;
        for (Reading piece : pieces) {
            for (int t = piece.steps() - 1; t >= 0; t--) {
                int row = start + t;
                for (int i = row * width; i < (row + 1) * width; i++) {
                    double later = t < piece.steps() - 1 ? sums[i + width] : 0.0;
                    sums[i] = SUM_SCALE * sums[i] + means[i] / (t + 1) + later;
                }
            }
            start += piece.steps();
        }
    }
}
