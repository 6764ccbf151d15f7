package org.encore.preferences.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where a training writes checkpoints and metrics, and where it resumes from; the caller implements it. */
public interface TrainingJournal {
    /** The checkpoint to go on from; empty for a fresh training. */
    Optional<Path> resumeFrom();

    /** The last checkpoint that was written, for messages. */
    Optional<Path> lastCheckpoint() throws IOException;

    /** Where the checkpoint of a step lies, or shall lie. */
    Path checkpoint(long step);

    /** Begins to record behind a step; 0 begins anew. */
    void begin(long step) throws IOException;

    /** Records the figures of a step. */
    void record(long step, Map<String, Double> metrics) throws IOException;

    /**
     * Says how far the training is.
     *
     * @param postfix the figures of the moment, in a few words
     */
    void progress(long step, long total, String postfix);
}
