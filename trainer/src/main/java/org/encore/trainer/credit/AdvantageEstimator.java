package org.encore.trainer.credit;

/** Turns rewards into advantages and the returns that a value network is fitted to. */
public sealed interface AdvantageEstimator permits ValueBaseline, Gae, LeaveOneOut, GroupNormalised {
    /** Says whether the episodes must come with values; if not, no value network has to be trained. */
    boolean needsValues();

    /** The fewest samples of one prompt that the estimator can compare: 1 if it compares none, else 2. */
    int fewestSamplesPerPrompt();

    /**
     * Estimates the advantage of every valid step.
     *
     * @param episodes rewards, with values or groups where this estimator needs them
     */
    Credit estimate(Episodes episodes);

    /** The estimator of the MusicRL paper. */
    static AdvantageEstimator defaults() {
        return ValueBaseline.defaults();
    }
}
