package org.encore.rewards.mixture;

/** Keeps the weight. */
public record Constant() implements WeightSchedule {
    /** The only value. */
    public static Constant defaults() {
        return new Constant();
    }

    @Override
    public double factorAt(int step) {
        return 1.0;
    }
}
