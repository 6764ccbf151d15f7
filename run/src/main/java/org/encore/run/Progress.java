package org.encore.run;

/** Hears how far a run has come. */
@FunctionalInterface
public interface Progress {
    /**
     * A step is done.
     *
     * @param done how many steps are done, those before an interruption included
     * @param total how many there will be
     * @param postfix the figures of the moment, in a few words
     */
    void step(long done, long total, String postfix);

    /** Listens to nothing. */
    static Progress none() {
        return (done, total, postfix) -> {};
    }
}
