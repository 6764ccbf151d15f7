package org.encore.rewards.normalise;

/** Leaves scores as they are: right where a reward is on the common scale already. */
public record Identity() implements Normaliser {
    /** The only value. */
    public static Identity defaults() {
        return new Identity();
    }

    @Override
    public double normalised(double raw, RunningMoments observed) {
        return raw;
    }

    @Override
    public String description() {
        return "as it is";
    }
}
