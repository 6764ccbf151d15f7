package org.encore.run;

/** Receives the progress of a run. */
@FunctionalInterface
public interface Progress {
    /**
     * Reports a finished step.
     *
     * @param task the current task, in one word; a task ends where the next one begins
     * @param done finished steps of the task, including those before an interruption
     * @param total all steps of the task
     * @param summary the most important metrics; may be empty
     */
    void step(String task, long done, long total, String summary);

    /** Ignores everything. */
    static Progress none() {
        return (task, done, total, summary) -> {};
    }
}
