package org.encore.run;

/** Is told how far a run has come. */
@FunctionalInterface
public interface Progress {
    /**
     * A step is done.
     *
     * @param task what is done, in one word; a task ends where the next one begins
     * @param done steps of the task that are done, those before an interruption included
     * @param total steps that the task has
     * @param summary the most important metrics, in a few words; may be empty
     */
    void step(String task, long done, long total, String summary);

    /** Ignores everything. */
    static Progress none() {
        return (task, done, total, summary) -> {};
    }
}
