package org.encore.trainer.advantages;

/** What is done to advantages before they weigh the policy's gradient. */
public enum AdvantageScale {
    /** Leaves them as the estimator made them. */
    UNTOUCHED {
        @Override
        public double[][] of(ValidSteps steps, double[][] advantages) {
            return steps.table((b, t) -> advantages[b][t]);
        }
    },

    /** {@link Whitening#rescaled}: spread 1, mean kept. */
    RESCALED {
        @Override
        public double[][] of(ValidSteps steps, double[][] advantages) {
            return Whitening.rescaled(steps, advantages);
        }
    },

    /** {@link Whitening#whitened}: spread 1, mean 0. */
    WHITENED {
        @Override
        public double[][] of(ValidSteps steps, double[][] advantages) {
            return Whitening.whitened(steps, advantages);
        }
    };

    /**
     * Applies the scale over all valid steps of the batch.
     *
     * @shape advantages and result {@code [B, S]}
     */
    public abstract double[][] of(ValidSteps steps, double[][] advantages);

    /**
     * Brings a table to spread 1 over its valid steps.
     *
     * <p>The spread is the population's ({@link ValidSteps#variance}, divisor n). A small constant is added to the
     * variance, so that a constant table stays finite and ends up without spread instead of being magnified.
     */
    public static final class Whitening {
        private static final double VARIANCE_FLOOR = 1e-8;

        private Whitening() {}

        /**
         * Centres and scales: {@code (x - mean) / sqrt(variance + 1e-8)}.
         *
         * @shape table and result {@code [B, S]}
         */
        public static double[][] whitened(ValidSteps steps, double[][] table) {
            double mean = steps.mean(table);
            double scale = scale(steps, table);
            return steps.table((b, t) -> (table[b][t] - mean) * scale);
        }

        /**
         * Scales around the mean, which stays: {@code mean + (x - mean) / sqrt(variance + 1e-8)}.
         *
         * @shape table and result {@code [B, S]}
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
