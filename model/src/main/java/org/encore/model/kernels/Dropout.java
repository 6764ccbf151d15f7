package org.encore.model.kernels;

/**
 * Which elements of a tensor are dropped in training (Srivastava et al. 2014): each with the same probability; those kept
 * are divided by the probability of being kept.
 *
 * <p>Whether an element is kept is a pure function of the seed and of its place, so a gradient drops what its forward pass
 * dropped, nothing has to be stored, and every implementation drops the same.
 *
 * @param rate probability that an element is dropped, in [0, 1)
 * @param seed tells this pattern from others
 */
public record Dropout(double rate, long seed) {
    private static final int DECISION_BITS = 24;

    public Dropout {
        if (!(rate >= 0.0 && rate < 1.0)) {
            throw new IllegalArgumentException("rate is " + rate + ", but must lie in [0, 1)");
        }
    }

    /** Drops nothing. */
    public static Dropout none() {
        return new Dropout(0.0, 0);
    }

    /** True if nothing is ever dropped. */
    public boolean isNone() {
        return rate == 0.0;
    }

    /** Another pattern of the same rate, for another place in a model; one that drops nothing is like any other. */
    public Dropout at(int place) {
        if (isNone()) {
            return this;
        }
        long z = seed + 0x9E3779B97F4A7C15L * (place + 1L);
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return new Dropout(rate, z ^ (z >>> 31));
    }

    /** What elements that are kept are multiplied by. */
    public double factor() {
        return 1.0 / (1.0 - rate);
    }

    /** Elements are kept whose {@link #decision} is at least this. */
    public int threshold() {
        return (int) Math.round(rate * (1 << DECISION_BITS));
    }

    /**
     * A number in [0, 2^24) that decides about an element.
     *
     * @param element row-major index; two rounds of a 32-bit finaliser over it, half of the seed for each
     */
    public static int decision(int element, int seedLow, int seedHigh) {
        int x = element + seedLow;
        x = (x ^ (x >>> 16)) * 0x7FEB352D;
        x = (x ^ (x >>> 15)) * 0x846CA68B;
        x = (x ^ (x >>> 16)) + seedHigh;
        x = (x ^ (x >>> 16)) * 0x7FEB352D;
        x = (x ^ (x >>> 15)) * 0x846CA68B;
        return (x ^ (x >>> 16)) >>> (Integer.SIZE - DECISION_BITS);
    }

    /** Writes the factor of each element: 0 where it is dropped. */
    public void factors(float[] target) {
        int low = (int) seed;
        int high = (int) (seed >>> Integer.SIZE);
        int threshold = threshold();
        float kept = (float) factor();
        for (int i = 0; i < target.length; i++) {
            target[i] = decision(i, low, high) < threshold ? 0.0f : kept;
        }
    }
}
