package org.encore.trainer.advantages;

import java.util.Arrays;

/**
 * Knows which entries of a {@code [B, S]} table are steps of a sample, and computes over these alone.
 *
 * <p>The first {@code length(b)} columns of row b are valid. Immutable and safe to share between threads.
 */
public final class ValidSteps {
    /** The value at a step. */
    @FunctionalInterface
    public interface StepFunction {
        /** Computes the value of sample b at step t. */
        double at(int b, int t);
    }

    private final int[] lengths;
    private final int columns;
    private final int total;

    /**
     * Describes a batch.
     *
     * @param lengths number of valid steps of each sample, in [1, columns]
     * @param columns S, the length of each row
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

    /** Describes a batch in which every step of every sample is valid. */
    public static ValidSteps full(int samples, int columns) {
        int[] lengths = new int[samples];
        Arrays.fill(lengths, columns);
        return new ValidSteps(lengths, columns);
    }

    /** B, the number of samples. */
    public int samples() {
        return lengths.length;
    }

    /** S, the number of columns. */
    public int columns() {
        return columns;
    }

    /** Number of valid steps of a sample, at least 1. */
    public int length(int b) {
        return lengths[b];
    }

    /** Number of valid steps of all samples together. */
    public int total() {
        return total;
    }

    /**
     * Checks a table: its shape, and that it is finite at every valid step.
     *
     * @param name what to call the table in the message
     * @param table what to check
     * @return the table itself
     * @shape table {@code [B, S]}
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
     * Fills a new table: the function at valid steps, NaN after them.
     *
     * @shape result {@code [B, S]}
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

    /** Adds up a function over the valid steps. */
    public double sum(StepFunction function) {
        double sum = 0.0;
        for (int b = 0; b < lengths.length; b++) {
            for (int t = 0; t < lengths[b]; t++) {
                sum += function.at(b, t);
            }
        }
        return sum;
    }

    /** Adds up a table over the valid steps of all samples. */
    public double sum(double[][] table) {
        return sum((b, t) -> table[b][t]);
    }

    /**
     * Adds up a table over the valid steps of each sample.
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
     * The factor of each step's loss that makes the losses of micro-batches add up to the mean over the whole batch.
     *
     * @param weight of the loss
     * @param stepsInBatch M, the number of valid steps in the whole batch, at least {@link #total()}
     */
    public double lossScale(double weight, int stepsInBatch) {
        if (stepsInBatch < total) {
            throw new IllegalArgumentException(
                    "stepsInBatch is " + stepsInBatch + ", but this micro-batch alone has " + total + " valid steps");
        }
        return weight / stepsInBatch;
    }

    /** Averages a table over the valid steps; long samples weigh more than short ones. */
    public double mean(double[][] table) {
        return sum(table) / total;
    }

    /** Computes the population variance over the valid steps (divisor n, so that a single step gives 0). */
    public double variance(double[][] table) {
        double mean = mean(table);
        return sum((b, t) -> (table[b][t] - mean) * (table[b][t] - mean)) / total;
    }

    /** Computes the population standard deviation over the valid steps. */
    public double standardDeviation(double[][] table) {
        return Math.sqrt(variance(table));
    }

    /** Lays rewards out over the steps of their samples. */
    public static final class StepRewards {
        private StepRewards() {}

        /**
         * Gives the score of each sample to its last valid step: a clip is judged when it is complete.
         *
         * @param steps the batch
         * @param scores score of each sample, finite
         * @shape scores {@code [B]}, result {@code [B, S]}
         */
        public static double[][] atTheEnd(ValidSteps steps, double[] scores) {
            if (scores.length != steps.samples()) {
                throw new IllegalArgumentException(
                        "scores has " + scores.length + " entries, but the batch has " + steps.samples() + " samples");
            }
            return steps.require("scores", steps.table((b, t) -> t == steps.length(b) - 1 ? scores[b] : 0.0));
        }

        /**
         * Adds two tables of rewards, such as terminal scores and a penalty at every step.
         *
         * @shape first, second and result {@code [B, S]}
         */
        public static double[][] sum(ValidSteps steps, double[][] first, double[][] second) {
            return steps.table((b, t) -> first[b][t] + second[b][t]);
        }

        /**
         * Sums the rewards from each step to the last valid one, undiscounted.
         *
         * @shape rewards and result {@code [B, S]}
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
