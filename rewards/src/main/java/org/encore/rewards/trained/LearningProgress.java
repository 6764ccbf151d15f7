package org.encore.rewards.trained;

/** Hears how far the training or the measuring of a reward has come. */
@FunctionalInterface
public interface LearningProgress {
    /**
     * Hears of a step.
     *
     * @param done steps done
     * @param total how many there will be
     * @param postfix the figures of the moment, in a few words
     */
    void step(long done, long total, String postfix);

    /** Listens to nothing. */
    static LearningProgress none() {
        return (done, total, postfix) -> {};
    }
}
