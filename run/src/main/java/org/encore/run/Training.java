package org.encore.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The body of a {@link TrainingLoop}: what one step does, and what a checkpoint holds.
 *
 * <p>A step is whatever the training counts: an iteration of fine-tuning, or one update of a supervised training. Everything
 * that step {@code n + 1} depends on is in the checkpoint of step {@code n}, in the settings, or in a counter-based random
 * stream; so a resumed run has the bits of an uninterrupted one.
 */
public interface Training {
    /** The kind of training, as {@code trainer_state.json} names it; one kind does not resume from another's checkpoint. */
    String kind();

    /** The last step, at least 0. */
    long steps();

    /** Steps from one checkpoint to the next; the last step always writes one. */
    int checkpointEvery();

    /** Whether there is a checkpoint of step 0, because what {@link #begin} does is expensive. */
    default boolean hasInitialCheckpoint() {
        return false;
    }

    /** Makes what is needed before {@link #load} and the first step and no constructor should wait for, such as features. */
    default void prepare() throws IOException {}

    /**
     * Restores weights, moments and state.
     *
     * @param checkpoint a directory whose manifest was verified
     * @param state what {@link #save} put into it
     * @throws org.encore.base.files.InvalidFileException if the checkpoint does not belong to this training
     */
    void load(Path checkpoint, JsonNode state) throws IOException;

    /**
     * Writes weights, moments and state.
     *
     * @param directory of the checkpoint, empty so far
     * @param state takes what is no tensor; kind and step are there already
     */
    void save(Path directory, ObjectNode state) throws IOException;

    /**
     * Prepares the first step of this process.
     *
     * @param step that training goes on from; 0 in a fresh run
     * @return metrics of step 0, recorded in a fresh run only; none if empty
     */
    default Map<String, Double> begin(long step) throws IOException {
        return Map.of();
    }

    /**
     * Makes one step.
     *
     * @return its metrics; a fresh map
     * @throws org.encore.model.learning.DivergedException if the training cannot go on
     */
    Map<String, Double> step(long step) throws IOException;

    /**
     * Acts on a step that has been recorded, before its checkpoint is written: samples, limits.
     *
     * @throws org.encore.model.learning.DivergedException if the training must not go on
     */
    default void recorded(long step, Map<String, Double> metrics) throws IOException {}

    /** The most important metrics of a step in a few words, for the progress bar. */
    String summary(Map<String, Double> metrics);

    /** Whether the training ends before its last step. */
    default boolean isFinished() {
        return false;
    }

    /** Whether a step that failed has changed nothing, so that the state before it can be saved. */
    default boolean isIntactAfter(RuntimeException failure) {
        return false;
    }
}
