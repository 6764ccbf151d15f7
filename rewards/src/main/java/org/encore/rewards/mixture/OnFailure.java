package org.encore.rewards.mixture;

/** What happens when a reward of a mixture breaks its contract. */
public enum OnFailure {
    /** The failure is thrown: nothing is trained on scores that are not sound. */
    STOP,
    /** The reward abstains where it failed, and the judgement lists the failure. */
    SKIP
}
