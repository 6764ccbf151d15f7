package org.encore.rewards.adherence;

import org.encore.rewards.hearing.HearingSettings;

/**
 * How the adherence reward is trained.
 *
 * @param seed same seed, same weights
 * @param hearing what the audio tower is fed
 * @param etudes how many pieces are heard, at least 16
 * @param steps updates, at least 1
 * @param batch clips an update, at least 2
 * @param learningRate of Adam, at its height; above 0
 * @param warmupSteps steps in which it rises, at least 0; from then on it falls along a cosine to zero
 * @param scale what cosines are multiplied by at first, in [1, 100]; it is learned
 */
public record AdherenceLearning(
        long seed,
        HearingSettings hearing,
        int etudes,
        int steps,
        int batch,
        double learningRate,
        int warmupSteps,
        double scale) {
    public AdherenceLearning {
        requireAtLeast("etudes", etudes, 16);
        requireAtLeast("steps", steps, 1);
        requireAtLeast("batch", batch, 2);
        requireAtLeast("warmupSteps", warmupSteps, 0);
        if (!(learningRate > 0.0 && learningRate < 1.0)) {
            throw new IllegalArgumentException("learningRate is " + learningRate + ", but must lie in (0, 1)");
        }
        if (!(scale >= 1.0 && scale <= ContrastiveLoss.LARGEST_SCALE)) {
            throw new IllegalArgumentException(
                    "scale is " + scale + ", but must lie in [1, " + ContrastiveLoss.LARGEST_SCALE + "]");
        }
    }

    /** What the shipped reward is trained with. */
    public static AdherenceLearning defaults() {
        return new AdherenceLearning(1, HearingSettings.defaults(), 6000, 2000, 96, 0.001, 50, 10.0);
    }

    /** The learning rate of a step, the first being 0. */
    double learningRate(int step) {
        double rising = Math.min(1.0, (step + 1.0) / (warmupSteps + 1.0));
        return learningRate * rising * 0.5 * (1.0 + StrictMath.cos(Math.PI * step / steps));
    }

    private static void requireAtLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be at least " + least);
        }
    }
}
