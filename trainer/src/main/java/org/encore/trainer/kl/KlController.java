package org.encore.trainer.kl;

/**
 * Decides how strong the penalty is.
 *
 * <p>A controller is a setting without state: the caller keeps the coefficient, hands it to {@link #next} after each
 * step and stores it in its checkpoints.
 */
public sealed interface KlController {
    /** The coefficient of the first step. */
    double initial();

    /** The largest coefficient this controller can ever give. */
    double largest();

    /**
     * Computes the coefficient of the next step.
     *
     * @param coefficient the coefficient of this step
     * @param klPerSequence mean divergence from the reference in this step, in nats a sequence
     * @param sequences how many sequences it was measured on
     * @throws IllegalArgumentException if the divergence is not finite
     */
    double next(double coefficient, double klPerSequence, int sequences);

    /** A coefficient that stays, as in the MusicRL paper. */
    static KlController defaults() {
        return FixedCoefficient.defaults();
    }

    /**
     * Moves the coefficient until the divergence is the wanted one: a proportional controller in log space.
     *
     * <p>{@code e = clip((KL - target) / target, -0.2, 0.2)}, {@code β ← min(β (1 + e n / horizon), ceiling)} after n
     * sequences. The ceiling is ours: it keeps the coefficient in the range where the objective makes sense, and from
     * winding up beyond recovery while the divergence is far off.
     *
     * @param initial coefficient of the first step, above 0; from 0 the controller could never leave
     * @param target wanted divergence in nats a sequence (not a token), above 0
     * @param horizon sequences over which a full error of 0.2 changes the coefficient by about a fifth, above 0; short ones
     *     oscillate, long ones come too late
     * @param ceiling the largest coefficient, at least the initial one
     * @paper Ziegler et al. 2019, section 2.2, <a href="https://arxiv.org/abs/1909.08593">arXiv 1909.08593</a>; the horizon
     *     as in the authors' code, where 10,000 stands for the paper's K = 0.1 at 1,000 sequences a step
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

        /** Target and horizon as is customary for language; initial coefficient and ceiling are our choice. */
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
            // A step of more than a horizon's sequences at error -0.2 must not turn the sign: hence the bound from
            // below.
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
     * Keeps the coefficient.
     *
     * @param coefficient the weight of the divergence, at least 0; 0 lets the policy go wherever the reward leads
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
