package org.encore.rewards.normalise;

/**
 * Limits a normalised score, so that no single sample or reward can outweigh all others.
 *
 * @param low the least score, below {@code high}; negative infinity for no limit
 * @param high the greatest score; infinity for no limit
 */
public record Bounds(double low, double high) {
    public Bounds {
        if (!(low < high)) {
            throw new IllegalArgumentException("low is " + low + ", but must lie below high, which is " + high);
        }
    }

    /** No limits. */
    public static Bounds defaults() {
        return new Bounds(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    }

    /** The nearest number within the limits. */
    public double clipped(double value) {
        return Math.max(low, Math.min(high, value));
    }
}
