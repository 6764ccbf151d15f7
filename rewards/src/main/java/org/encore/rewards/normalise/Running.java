package org.encore.rewards.normalise;

/**
 * Counts standard deviations from the mean of all scores so far: {@code (x - mean) / sqrt(variance + 1e-8)}.
 *
 * <p>The scale moves as the policy improves, most of all in the first steps, and a reward that everybody earns fades;
 * use {@link ReferenceDistribution} where the scale is to stay. Scores that have not differed yet become 0.
 */
public record Running() implements Normaliser {
    private static final double VARIANCE_FLOOR = 1e-8;

    /** The only value. */
    public static Running defaults() {
        return new Running();
    }

    @Override
    public double normalised(double raw, RunningMoments observed) {
        return (raw - observed.mean()) / Math.sqrt(observed.variance() + VARIANCE_FLOOR);
    }

    @Override
    public String description() {
        return "in standard deviations from the running mean";
    }
}
