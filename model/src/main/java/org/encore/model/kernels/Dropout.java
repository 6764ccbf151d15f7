package org.encore.model.kernels;

/**
 * Dropout (Srivastava et al. 2014): each element is dropped with the same probability; kept elements are divided by the probability of being kept.
 *
 * <p>Whether an element is kept is a pure function of the seed and of its index, so the gradient drops the same elements as the forward pass, no mask is stored, and every implementation drops the same.
 *
 * @param rate probability that an element is dropped, in [0, 1)
 * @param seed identifies the pattern
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

    /** A pattern of the same rate for another place in a model; {@link #none} stays as it is. */
    public Dropout at(int place) {
        if (isNone()) {
            return this;
        }
        long z = seed + 0x9E3779B97F4A7C15L * (place + 1L);
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return new Dropout(rate, z ^ (z >>> 31));
    }

    /** Factor of kept elements. */
    public double factor() {
        return 1.0 / (1.0 - rate);
    }

    /** The least {@link #decision} of a kept element. */
    public int threshold() {
        return (int) Math.round(rate * (1 << DECISION_BITS));
    }

    /**
     * A number in [0, 2^24) that decides whether an element is kept.
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
