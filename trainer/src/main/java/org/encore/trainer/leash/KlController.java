package org.encore.trainer.leash;

/**
 * Decides how strong the penalty is.
 *
 * <p>A controller is a setting without state: the caller keeps the coefficient, hands it to {@link #next} after each
 * step and stores it in its checkpoints.
 */
public sealed interface KlController permits FixedCoefficient, AdaptiveCoefficient {
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
}
