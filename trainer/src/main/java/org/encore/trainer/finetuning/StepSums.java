package org.encore.trainer.finetuning;

import java.util.List;
import java.util.function.Function;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.kernels.RowStatistics;

/** Sums over the codebooks of a step, leaving out those that have no code there. */
final class StepSums {
    private StepSums() {}

    /**
     * Adds up one figure of each step.
     *
     * @param statistics of each codebook
     * @param figure which of its figures
     * @shape result {@code [B, T]}
     */
    static double[][] of(
            CodeBatcher.Part part, List<RowStatistics> statistics, Function<RowStatistics, double[]> figure) {
        double[] rows = new double[part.batch().shape().rows()];
        for (int k = 0; k < statistics.size(); k++) {
            int[] targets = part.batch().targets()[k];
            double[] values = figure.apply(statistics.get(k));
            for (int row = 0; row < rows.length; row++) {
                rows[row] += targets[row] >= 0 ? values[row] : 0.0;
            }
        }
        return Tables.ofRows(part, rows);
    }
}
