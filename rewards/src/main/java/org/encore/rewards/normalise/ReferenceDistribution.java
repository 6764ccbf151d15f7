package org.encore.rewards.normalise;

/**
 * Counts standard deviations from the mean of a known distribution, such as the scores of the initial model.
 *
 * @param mean mean of the reference, in units of the reward
 * @param sd standard deviation of the reference, in units of the reward, above 0
 */
public record ReferenceDistribution(double mean, double sd) implements Normaliser {
    public ReferenceDistribution {
        if (!Double.isFinite(mean)) {
            throw new IllegalArgumentException("mean is " + mean + ", but must be finite");
        }
        if (!(sd > 0.0 && sd < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("sd is " + sd + ", but must be above 0 and finite");
        }
    }

    @Override
    public double normalised(double raw, RunningMoments observed) {
        return (raw - mean) / sd;
    }

    @Override
    public String description() {
        return "in standard deviations of " + sd + " from " + mean;
    }
}
