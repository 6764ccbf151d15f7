package org.encore.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The body of a {@link TrainingLoop}: one step, and the content of a checkpoint.
 *
 * <p>A step is one iteration of fine-tuning, or one update of a supervised training. Everything that step {@code n + 1}
 * depends on is in the checkpoint of step {@code n}, in the settings, or in a counter-based random
 * stream; so a resumed run is bit-identical to an uninterrupted one.
 */
public interface Training {
    /** The kind of training, as {@code trainer_state.json} names it; one kind does not resume from another's checkpoint. */
    String kind();

    /** The last step, at least 0. */
    long steps();

    /** Steps between two checkpoints; the last step always writes one. */
    int checkpointEvery();

    /** Whether to write a checkpoint of step 0, because {@link #begin} is expensive. */
    default boolean hasInitialCheckpoint() {
        return false;
    }

    /** Does expensive preparation before {@link #load} and the first step, such as computing features. */
    default void prepare() throws IOException {}

    /**
     * Restores weights, moments and state.
     *
     * @param checkpoint a directory with a verified manifest
     * @param state the state that {@link #save} wrote
     * @throws org.encore.base.files.InvalidFileException if the checkpoint does not belong to this training
     */
    void load(Path checkpoint, JsonNode state) throws IOException;

    /**
     * Saves weights, moments and state.
     *
     * @param directory the empty directory of the checkpoint
     * @param state receives all state that is not a tensor; kind and step are set already
     */
    void save(Path directory, ObjectNode state) throws IOException;

    /**
     * Prepares the first step of this process.
     *
     * @param step that training resumes from; 0 in a new run
     * @return metrics of step 0, recorded only in a new run; none if empty
     */
    default Map<String, Double> begin(long step) throws IOException {
        return Map.of();
    }

    /**
     * Runs one step.
     *
     * @return its metrics, in a new map
     * @throws org.encore.model.learning.DivergedException if the training diverged
     */
    Map<String, Double> step(long step) throws IOException;

    /**
     * Runs after the metrics of a step are recorded and before its checkpoint is written: writes samples, checks limits.
     *
     * @throws org.encore.model.learning.DivergedException if a limit is exceeded
     */
    default void recorded(long step, Map<String, Double> metrics) throws IOException {}

    /** The most important metrics of a step, for the progress bar. */
    String summary(Map<String, Double> metrics);

    /** Whether to end the training before its last step. */
    default boolean isFinished() {
        return false;
    }

    /** Whether a failed step has changed nothing, so that the state before it can be saved. */
    default boolean isIntactAfter(RuntimeException failure) {
        return false;
    }
}
