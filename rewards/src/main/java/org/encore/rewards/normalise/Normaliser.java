package org.encore.rewards.normalise;

/** Brings a raw score to the scale on which rewards are weighed. */
public sealed interface Normaliser permits Identity, FixedRange, ReferenceDistribution, Running {
    /**
     * Normalises one score.
     *
     * @param raw the score, in units of its reward
     * @param observed mean and spread of all raw scores so far, this one included
     */
    double normalised(double raw, RunningMoments observed);

    /** What was done, for explanations; a few words. */
    String description();

    /** Leaves scores as they are. */
    static Normaliser defaults() {
        return Identity.defaults();
    }
}
