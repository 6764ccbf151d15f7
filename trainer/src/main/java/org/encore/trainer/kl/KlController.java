package org.encore.trainer.kl;

/**
 * Sets the KL coefficient of each iteration.
 *
 * <p>A controller has no state: the caller keeps the coefficient, passes it to {@link #next} after each iteration and stores
 * it in checkpoints.
 */
public sealed interface KlController {
    /** The coefficient of the first iteration. */
    double initial();

    /** The largest possible coefficient. */
    double largest();

    /**
     * Computes the coefficient of the next iteration.
     *
     * @param coefficient the coefficient of this iteration
     * @param klPerSequence mean KL from the reference in this iteration, in nats per sequence
     * @param sequences number of sequences it was measured on
     * @throws IllegalArgumentException if the KL is not finite
     */
    double next(double coefficient, double klPerSequence, int sequences);

    /** A fixed coefficient, as in the MusicRL paper. */
    static KlController defaults() {
        return FixedCoefficient.defaults();
    }

    /**
     * Adapts the coefficient until the KL reaches its target: a proportional controller in log space.
     *
     * <p>{@code e = clip((KL - target) / target, -0.2, 0.2)}, {@code β ← min(β (1 + e n / horizon), ceiling)} after n
     * sequences. The ceiling is our addition: it keeps the coefficient valid and limits wind-up while the KL is far from its
     * target.
     *
     * @param initial coefficient of the first iteration, above 0, because the controller only multiplies
     * @param target target KL in nats per sequence (not per token), above 0
     * @param horizon sequences over which the largest error, 0.2, changes the coefficient by about a fifth, above 0; a short
     *     horizon oscillates, a long one reacts late
     * @param ceiling the largest coefficient, at least the initial one
     * @paper Ziegler et al. 2019, section 2.2, <a href="https://arxiv.org/abs/1909.08593">arXiv 1909.08593</a>; the horizon
     *     as in the authors' code, where 10,000 corresponds to the paper's K = 0.1 at 1,000 sequences per step
     */
    record AdaptiveCoefficient(double initial, double target, double horizon, double ceiling) implements KlController {
        private static final double LARGEST_ERROR = 0.2;

        public AdaptiveCoefficient {
            requirePositive("initial", initial);
            requirePositive("target", target);
            requirePositive("horizon", horizon);
            requirePositive("ceiling", ceiling);
            if (ceiling < initial) {
                throw new IllegalArgumentException(
                        "ceiling is " + ceiling + ", but must be at least the initial coefficient, " + initial);
            }
        }

        /** Usual target and horizon for language models; initial coefficient and ceiling are our choice. */
        public static AdaptiveCoefficient defaults() {
            return new AdaptiveCoefficient(0.05, 6.0, 10_000.0, 0.5);
        }

        @Override
        public double largest() {
            return ceiling;
        }

        @Override
        public double next(double coefficient, double klPerSequence, int sequences) {
            if (!Double.isFinite(klPerSequence)) {
                throw new IllegalArgumentException(
                        "klPerSequence is " + klPerSequence + ", but must be finite to adapt the coefficient");
            }
            double error = (klPerSequence - target) / target;
            double clippedError = Math.max(-LARGEST_ERROR, Math.min(LARGEST_ERROR, error));
            // The lower bound keeps the factor positive when an iteration has more samples than the horizon.
            double factor = Math.max(0.5, 1.0 + clippedError * sequences / horizon);
            return Math.min(coefficient * factor, ceiling);
        }

        private static void requirePositive(String name, double value) {
            if (!(value > 0.0 && value < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(name + " is " + value + ", but must be above 0 and finite");
            }
        }
    }

    /**
     * A fixed coefficient.
     *
     * @param coefficient weight of the KL, at least 0; 0 switches the penalty off
     */
    record FixedCoefficient(double coefficient) implements KlController {
        public FixedCoefficient {
            if (!(coefficient >= 0.0 && coefficient < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "coefficient is " + coefficient + ", but must be at least 0 and finite");
            }
        }

        /** Our choice: the paper does not publish its α. */
        public static FixedCoefficient defaults() {
            return new FixedCoefficient(0.05);
        }

        @Override
        public double initial() {
            return coefficient;
        }

        @Override
        public double largest() {
            return coefficient;
        }

        @Override
        public double next(double current, double klPerSequence, int sequences) {
            return current;
        }
    }
}
