package org.encore.trainer.finetuning;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.encore.base.files.InvalidFileException;
import org.encore.model.learning.LearnerFiles;
import org.encore.model.learning.LearnerFiles.Origin;
import org.encore.rewards.mixture.Mixture.MixtureState;
import org.encore.run.TrainerState;

/**
 * The state of a run besides weights and moments; random streams have no state.
 *
 * @param step finished iterations
 * @param klCoefficient KL coefficient of the next iteration
 * @param rewards state of normalisers and schedules
 * @param episodes samples generated so far
 * @param skipped iterations so far that had nothing to learn from
 * @param skippedInRow how many of the last iterations were such, without another between
 */
record FineTuneState(
        long step, double klCoefficient, MixtureState rewards, long episodes, long skipped, int skippedInRow) {
    static final String KIND = "fine-tuning";
    private static final String COEFFICIENT = "kl_coefficient";
    private static final String REWARDS = "rewards";
    private static final String EPISODES = "episodes";
    private static final String SKIPPED = "iterations_skipped";
    private static final String SKIPPED_IN_ROW = "skipped_in_row";
    private static final String REFERENCE = "reference_sha256";
    private static final String VALUE = "value";

    /** The state before the first iteration. */
    static FineTuneState initial(FineTuneSettings settings) {
        return new FineTuneState(0, settings.kl().controller().initial(), MixtureState.initial(), 0, 0, 0);
    }

    /**
     * Writes a checkpoint: the policy at its root, the value network, if any, in {@code value/}, both with their optimisers.
     *
     * @param reference origin of the reference
     * @param saved receives all state that is not a tensor
     */
    void save(Networks networks, Origin reference, Path directory, ObjectNode saved) throws IOException {
        LearnerFiles.save(networks.policy(), Optional.of(reference), directory, saved);
        if (networks.critic().isPresent()) {
            networks.critic().get().save(reference, directory.resolve(VALUE), saved.putObject(VALUE));
        }
        networks.tokenizer().copyTo(directory);
        saved.put(COEFFICIENT, klCoefficient);
        saved.put(EPISODES, episodes);
        saved.put(SKIPPED, skipped);
        saved.put(SKIPPED_IN_ROW, skippedInRow);
        saved.put(REFERENCE, reference.sha256());
        saved.set(REWARDS, new ObjectMapper().valueToTree(rewards));
    }

    /**
     * Restores weights, moments and state.
     *
     * @param reference origin of the reference
     * @param state state that is not a tensor
     * @throws InvalidFileException if the checkpoint is damaged, or belongs to another reference
     */
    static FineTuneState load(Networks networks, Origin reference, Path checkpoint, JsonNode state) throws IOException {
        Path file = checkpoint.resolve(TrainerState.FILE);
        if (!state.path(REFERENCE).asText().equals(reference.sha256())) {
            throw new InvalidFileException(
                    file,
                    "the run started from other weights than " + reference.path()
                            + " has now; restore those, or start a new run");
        }
        LearnerFiles.load(networks.policy(), checkpoint, state, file);
        if (networks.critic().isPresent()) {
            networks.critic().get().load(checkpoint.resolve(VALUE), state.path(VALUE), file);
        }
        JsonNode coefficient = state.path(COEFFICIENT);
        if (!(coefficient.isNumber()
                && coefficient.doubleValue() >= 0.0
                && Double.isFinite(coefficient.doubleValue()))) {
            throw new InvalidFileException(
                    file, COEFFICIENT + " is " + coefficient + ", but must be a finite number, at least 0");
        }
        JsonNode episodes = state.path(EPISODES);
        if (!episodes.isIntegralNumber() || !episodes.canConvertToLong() || episodes.asLong() < 0) {
            throw new InvalidFileException(
                    file, EPISODES + " is " + episodes + ", but must be a whole number, at least 0");
        }
        return new FineTuneState(
                TrainerState.step(state),
                coefficient.doubleValue(),
                rewards(state, file),
                episodes.asLong(),
                state.path(SKIPPED).asLong(),
                state.path(SKIPPED_IN_ROW).asInt());
    }

    private static MixtureState rewards(JsonNode state, Path file) {
        try {
            return new ObjectMapper()
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .treeToValue(state.required(REWARDS), MixtureState.class);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new InvalidFileException(file, REWARDS + " is damaged: it holds no state of rewards", e);
        }
    }
}
