package org.encore.trainer.advantages;

/** How advantages are scaled over all valid steps of an iteration, before they weight the policy gradient. */
public enum AdvantageScale {
    /** No scaling: the advantages of the estimator. */
    UNTOUCHED {
        @Override
        public double[][] of(ValidSteps steps, double[][] advantages) {
            return steps.table((b, t) -> advantages[b][t]);
        }
    },

    /** Division by the standard deviation around the mean; the mean stays. */
    RESCALED {
        @Override
        public double[][] of(ValidSteps steps, double[][] advantages) {
            return Whitening.rescaled(steps, advantages);
        }
    },

    /** Subtraction of the mean and division by the standard deviation. */
    WHITENED {
        @Override
        public double[][] of(ValidSteps steps, double[][] advantages) {
            return Whitening.whitened(steps, advantages);
        }
    };

    /**
     * Applies the scale over all valid steps of the batch.
     *
     * @shape advantages and result {@code [B, T]}
     */
    public abstract double[][] of(ValidSteps steps, double[][] advantages);

    /**
     * Scales a table to standard deviation 1 over its valid steps.
     *
     * <p>Uses the population variance ({@link ValidSteps#variance}, divisor M) plus a small constant, so that a constant
     * table stays finite.
     */
    public static final class Whitening {
        private static final double VARIANCE_FLOOR = 1e-8;

        private Whitening() {}

        /**
         * Subtracts the mean and scales: {@code (x - mean) / sqrt(variance + 1e-8)}.
         *
         * @shape table and result {@code [B, T]}
         */
        public static double[][] whitened(ValidSteps steps, double[][] table) {
            double mean = steps.mean(table);
            double scale = scale(steps, table);
            return steps.table((b, t) -> (table[b][t] - mean) * scale);
        }

        /**
         * Scales around the mean, which does not change: {@code mean + (x - mean) / sqrt(variance + 1e-8)}.
         *
         * @shape table and result {@code [B, T]}
         */
        public static double[][] rescaled(ValidSteps steps, double[][] table) {
            double mean = steps.mean(table);
            double scale = scale(steps, table);
            return steps.table((b, t) -> mean + (table[b][t] - mean) * scale);
        }

        private static double scale(ValidSteps steps, double[][] table) {
            return 1.0 / Math.sqrt(steps.variance(table) + VARIANCE_FLOOR);
        }
    }
}
