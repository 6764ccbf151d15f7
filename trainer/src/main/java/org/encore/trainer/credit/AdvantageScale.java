package org.encore.trainer.credit;

import org.encore.trainer.steps.ValidSteps;

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
}
