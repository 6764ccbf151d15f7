package org.encore.rewards.trained;

/** Hears how far the training or the measuring of a reward has come. */
@FunctionalInterface
public interface LearningProgress {
    /**
     * A step of a task is done.
     *
     * @param task what is done, in a word; one task ends where the next begins
     * @param done steps done
     * @param total how many the task has
     * @param postfix the figures of the moment, in a few words
     */
    void step(String task, long done, long total, String postfix);

    /** Listens to nothing. */
    static LearningProgress none() {
        return (task, done, total, postfix) -> {};
    }
}
