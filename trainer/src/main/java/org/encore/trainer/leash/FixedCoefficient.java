package org.encore.trainer.leash;

/**
 * Keeps the coefficient.
 *
 * @param coefficient the weight of the divergence, at least 0; 0 lets the policy go wherever the reward leads
 */
public record FixedCoefficient(double coefficient) implements KlController {
    public FixedCoefficient {
        if (!(coefficient >= 0.0 && coefficient < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("coefficient is " + coefficient + ", but must be at least 0 and finite");
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
