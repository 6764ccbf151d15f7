package org.encore.trainer.finetuning;

import java.util.Arrays;
import java.util.List;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.learning.DivergedException;
import org.encore.trainer.advantages.ValidSteps;

/** Moves tables {@code [B, T]} between a batch and the micro-batches it was cut into. */
final class StepTables {
    private StepTables() {}

    /** Which steps of a micro-batch count. */
    static ValidSteps steps(CodeBatcher.MicroBatch microBatch) {
        return new ValidSteps(
                microBatch.batch().steps(), microBatch.batch().shape().steps());
    }

    /** A micro-batch's rows of a table of the whole batch, at the micro-batch's width. */
    static double[][] rows(CodeBatcher.MicroBatch microBatch, double[][] table) {
        return steps(microBatch).table((b, t) -> table[microBatch.members()[b]][t]);
    }

    /** Rows of all micro-batches as one table of the whole batch. */
    static double[][] gathered(ValidSteps whole, List<CodeBatcher.MicroBatch> microBatches, List<double[][]> tables) {
        double[][] result = whole.table((b, t) -> Double.NaN);
        for (int j = 0; j < microBatches.size(); j++) {
            int[] members = microBatches.get(j).members();
            for (int b = 0; b < members.length; b++) {
                int length = whole.length(members[b]);
                System.arraycopy(tables.get(j)[b], 0, result[members[b]], 0, length);
            }
        }
        return result;
    }

    /** One value a row, {@code [B * T]}, as a table with NaN after the steps that count. */
    static double[][] ofRows(CodeBatcher.MicroBatch microBatch, double[] rows) {
        int width = microBatch.batch().shape().steps();
        return steps(microBatch).table((b, t) -> rows[b * width + t]);
    }

    /** A table as one value a row, 0 after the steps that count. */
    static double[] toRows(CodeBatcher.MicroBatch microBatch, double[][] table) {
        int width = microBatch.batch().shape().steps();
        double[] rows = new double[table.length * width];
        for (int b = 0; b < table.length; b++) {
            System.arraycopy(table[b], 0, rows, b * width, microBatch.batch().steps()[b]);
        }
        return rows;
    }

    /**
     * Checks what a network put out.
     *
     * @param name what to call it
     * @throws DivergedException if it is not finite at every valid step
     */
    static void requireFinite(String name, ValidSteps steps, double[][] table) {
        for (int b = 0; b < steps.samples(); b++) {
            for (int t = 0; t < steps.length(b); t++) {
                if (!Double.isFinite(table[b][t])) {
                    throw new DivergedException(
                            "the " + name + " is " + table[b][t] + " at step " + t + " of sample " + b);
                }
            }
        }
    }

    /** All indices below a number. */
    static int[] range(int count) {
        int[] all = new int[count];
        Arrays.setAll(all, i -> i);
        return all;
    }
}
