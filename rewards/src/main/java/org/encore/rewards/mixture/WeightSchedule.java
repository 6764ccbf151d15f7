package org.encore.rewards.mixture;

import org.encore.base.settings.Checks;

/** Schedule of the weight of a reward: a factor of it per step. */
public sealed interface WeightSchedule {
    /**
     * Computes the factor.
     *
     * @param step number of batches scored before this one, from 0
     * @return the factor, at least 0
     */
    double factorAt(int step);

    /** A factor that stays 1. */
    static WeightSchedule defaults() {
        return Constant.defaults();
    }

    /** Keeps the weight constant. */
    record Constant() implements WeightSchedule {
        /** The only value. */
        public static Constant defaults() {
            return new Constant();
        }

        @Override
        public double factorAt(int step) {
            return 1.0;
        }
    }

    /**
     * Changes the weight linearly between two steps; it is constant before and after.
     *
     * @param from factor up to {@code startStep}
     * @param to factor from {@code endStep} on
     * @param startStep iteration at which the change begins
     * @param endStep iteration at which the change ends, above {@code startStep}
     */
    record Linear(double from, double to, int startStep, int endStep) implements WeightSchedule {
        public Linear {
            Checks.atLeast("from", from, 0.0);
            Checks.atLeast("to", to, 0.0);
            if (startStep < 0 || endStep <= startStep) {
                throw new IllegalArgumentException("startStep is " + startStep + " and endStep is " + endStep
                        + ", but must satisfy 0 <= startStep < endStep");
            }
        }

        /** From 0 to the full weight in the first 1,000 steps: our choice. */
        public static Linear defaults() {
            return new Linear(0.0, 1.0, 0, 1000);
        }

        @Override
        public double factorAt(int step) {
            double progress = (step - startStep) / (double) (endStep - startStep);
            double bounded = Math.max(0.0, Math.min(1.0, progress));
            return from * (1.0 - bounded) + to * bounded;
        }
    }
}
