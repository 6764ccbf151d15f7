package org.encore.rewards.mixture;

/** How the weight of a reward changes while training goes on: a factor of it. */
public sealed interface WeightSchedule permits Constant, Linear {
    /**
     * Computes the factor.
     *
     * @param step number of batches judged before this one, from 0
     * @return the factor, at least 0
     */
    double factorAt(int step);

    /** A factor that stays 1. */
    static WeightSchedule defaults() {
        return Constant.defaults();
    }
}
