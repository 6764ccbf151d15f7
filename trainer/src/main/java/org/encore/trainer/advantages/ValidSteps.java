package org.encore.trainer.advantages;

import java.util.Arrays;

/**
 * The valid steps of a {@code [B, T]} table, and computations over them.
 *
 * <p>The first {@code length(b)} columns of row b are valid. Immutable and safe to share between threads.
 */
public final class ValidSteps {
    /** A function of sample and step. */
    @FunctionalInterface
    public interface StepFunction {
        /** Computes the value of sample b at step t. */
        double at(int b, int t);
    }

    private final int[] lengths;
    private final int columns;
    private final int total;

    /**
     * Creates the layout of a batch.
     *
     * @param lengths number of valid steps of each sample, in [1, columns]
     * @param columns T, the length of each row
     */
    public ValidSteps(int[] lengths, int columns) {
        if (lengths.length == 0) {
            throw new IllegalArgumentException("lengths is empty, but a batch must hold at least one sample");
        }
        int sum = 0;
        for (int b = 0; b < lengths.length; b++) {
            if (lengths[b] < 1 || lengths[b] > columns) {
                throw new IllegalArgumentException(
                        "lengths[" + b + "] is " + lengths[b] + ", but must lie in [1, " + columns + "]");
            }
            sum = Math.addExact(sum, lengths[b]);
        }
        this.lengths = lengths.clone();
        this.columns = columns;
        this.total = sum;
    }

    /** Creates a batch in which all steps are valid. */
    public static ValidSteps full(int samples, int columns) {
        int[] lengths = new int[samples];
        Arrays.fill(lengths, columns);
        return new ValidSteps(lengths, columns);
    }

    /** B, the number of samples. */
    public int samples() {
        return lengths.length;
    }

    /** T, the number of columns. */
    public int columns() {
        return columns;
    }

    /** Number of valid steps of a sample, at least 1. */
    public int length(int b) {
        return lengths[b];
    }

    /** M, the number of valid steps of all samples. */
    public int total() {
        return total;
    }

    /**
     * Checks a table: its shape, and that it is finite at every valid step.
     *
     * @param name name of the table in the message
     * @param table the table
     * @return the table itself
     * @shape table {@code [B, T]}
     */
    public double[][] require(String name, double[][] table) {
        if (table.length != samples()) {
            throw new IllegalArgumentException(
                    name + " has " + table.length + " rows, but the batch has " + samples() + " samples");
        }
        for (int b = 0; b < table.length; b++) {
            if (table[b].length != columns) {
                throw new IllegalArgumentException(name + " has " + table[b].length + " columns in row " + b
                        + ", but the batch has " + columns + " steps");
            }
            for (int t = 0; t < lengths[b]; t++) {
                if (!Double.isFinite(table[b][t])) {
                    throw new IllegalArgumentException(name + " is " + table[b][t] + " at sample " + b + ", step " + t
                            + ", but must be finite at every valid step");
                }
            }
        }
        return table;
    }

    /**
     * Creates a table: the function at valid steps, NaN after them.
     *
     * @shape result {@code [B, T]}
     */
    public double[][] table(StepFunction function) {
        double[][] table = new double[samples()][columns];
        for (int b = 0; b < table.length; b++) {
            for (int t = 0; t < lengths[b]; t++) {
                table[b][t] = function.at(b, t);
            }
            Arrays.fill(table[b], lengths[b], columns, Double.NaN);
        }
        return table;
    }

    /** Sums a function over the valid steps. */
    public double sum(StepFunction function) {
        double sum = 0.0;
        for (int b = 0; b < lengths.length; b++) {
            for (int t = 0; t < lengths[b]; t++) {
                sum += function.at(b, t);
            }
        }
        return sum;
    }

    /** Sums a table over the valid steps of all samples. */
    public double sum(double[][] table) {
        return sum((b, t) -> table[b][t]);
    }

    /**
     * Sums a table over the valid steps of each sample.
     *
     * @shape result {@code [B]}
     */
    public double[] sumPerSample(double[][] table) {
        double[] sums = new double[samples()];
        for (int b = 0; b < sums.length; b++) {
            for (int t = 0; t < lengths[b]; t++) {
                sums[b] += table[b][t];
            }
        }
        return sums;
    }

    /**
     * The factor of each step's loss: with it the losses of micro-batches add up to the mean over the whole batch.
     *
     * @param weight of the loss
     * @param stepsInBatch M, the number of valid steps in the whole batch, at least {@link #total()}
     */
    public double lossScale(double weight, int stepsInBatch) {
        if (stepsInBatch < total) {
            throw new IllegalArgumentException("stepsInBatch is " + stepsInBatch + ", but this part of the batch has "
                    + total + " valid steps alone");
        }
        return weight / stepsInBatch;
    }

    /** Mean of a table over the valid steps; long samples weigh more than short ones. */
    public double mean(double[][] table) {
        return sum(table) / total;
    }

    /** Population variance over the valid steps (divisor M, so a single step gives 0). */
    public double variance(double[][] table) {
        double mean = mean(table);
        return sum((b, t) -> (table[b][t] - mean) * (table[b][t] - mean)) / total;
    }

    /** Population standard deviation over the valid steps. */
    public double standardDeviation(double[][] table) {
        return Math.sqrt(variance(table));
    }

    /** Places rewards on the steps of their samples. */
    public static final class StepRewards {
        private StepRewards() {}

        /**
         * Places the score of each sample on its last valid step, because rewards score complete clips.
         *
         * @param steps the batch
         * @param scores score of each sample, finite
         * @shape scores {@code [B]}, result {@code [B, T]}
         */
        public static double[][] atTheEnd(ValidSteps steps, double[] scores) {
            if (scores.length != steps.samples()) {
                throw new IllegalArgumentException(
                        "scores has " + scores.length + " entries, but the batch has " + steps.samples() + " samples");
            }
            return steps.require("scores", steps.table((b, t) -> t == steps.length(b) - 1 ? scores[b] : 0.0));
        }

        /**
         * Adds two tables of rewards, such as scores and a KL penalty.
         *
         * @shape first, second and result {@code [B, T]}
         */
        public static double[][] sum(ValidSteps steps, double[][] first, double[][] second) {
            return steps.table((b, t) -> first[b][t] + second[b][t]);
        }

        /**
         * Sums the rewards from each step to the last valid one, undiscounted.
         *
         * @shape rewards and result {@code [B, T]}
         * @paper MusicRL: the return-to-go of the policy gradient and of the value loss
         */
        public static double[][] returnsToGo(ValidSteps steps, double[][] rewards) {
            double[][] returns = steps.table((b, t) -> rewards[b][t]);
            for (int b = 0; b < returns.length; b++) {
                for (int t = steps.length(b) - 2; t >= 0; t--) {
                    returns[b][t] += returns[b][t + 1];
                }
            }
            return returns;
        }
    }
}
