package org.encore.trainer.finetuning;

import java.util.Arrays;
import java.util.List;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.learning.DivergedException;
import org.encore.trainer.advantages.ValidSteps;

/** Converts tables {@code [B, T]} between a batch and its micro-batches. */
final class StepTables {
    private StepTables() {}

    /** The valid steps of a micro-batch. */
    static ValidSteps steps(CodeBatcher.MicroBatch microBatch) {
        return new ValidSteps(
                microBatch.batch().steps(), microBatch.batch().shape().steps());
    }

    /** The rows of a micro-batch from a table of the whole batch, at the width of the micro-batch. */
    static double[][] rows(CodeBatcher.MicroBatch microBatch, double[][] table) {
        return steps(microBatch).table((b, t) -> table[microBatch.members()[b]][t]);
    }

    /** Gathers the rows of all micro-batches into one table of the whole batch. */
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

    /** Converts one value per row, {@code [N]}, to a table with NaN after the valid steps. */
    static double[][] ofRows(CodeBatcher.MicroBatch microBatch, double[] rows) {
        int width = microBatch.batch().shape().steps();
        return steps(microBatch).table((b, t) -> rows[b * width + t]);
    }

    /** Converts a table to one value per row, {@code [N]}, with 0 after the valid steps. */
    static double[] toRows(CodeBatcher.MicroBatch microBatch, double[][] table) {
        int width = microBatch.batch().shape().steps();
        double[] rows = new double[table.length * width];
        for (int b = 0; b < table.length; b++) {
            System.arraycopy(table[b], 0, rows, b * width, microBatch.batch().steps()[b]);
        }
        return rows;
    }

    /**
     * Checks the output of a network.
     *
     * @param name name in the message
     * @throws DivergedException if a value at a valid step is not finite
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

    /** The indices from 0 to {@code count - 1}. */
    static int[] range(int count) {
        int[] all = new int[count];
        Arrays.setAll(all, i -> i);
        return all;
    }
}
