package org.encore.model.learning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.encore.base.files.InvalidFileException;
import org.encore.model.kernels.Kernels;
import org.encore.model.weights.ModelDirectory;

/** Saves and loads a learner: the model in the Hugging Face layout, and all other state of its next update. */
public final class LearnerFiles {
    private static final String FIRST = "first_moment.safetensors";
    private static final String SECOND = "second_moment.safetensors";
    private static final String UPDATES = "updates";
    private static final String SKIPPED = "skipped_in_a_row";

    private LearnerFiles() {}

    /**
     * Writes model and moments.
     *
     * @param state receives the numbers that are not tensors
     * @throws DivergedException if a weight is not finite
     */
    public static void save(Learner learner, Path directory, ObjectNode state) throws IOException {
        learner.requireFiniteWeights();
        Kernels kernels = learner.model().kernels();
        Files.createDirectories(directory);
        ModelDirectory.save(learner.model(), directory);
        Path optimiser = Files.createDirectories(directory.resolve("optimizer"));
        ModelDirectory.saveLike(learner.optimiser().firstMoment(), kernels, optimiser.resolve(FIRST));
        ModelDirectory.saveLike(learner.optimiser().secondMoment(), kernels, optimiser.resolve(SECOND));
        state.put(UPDATES, learner.optimiser().step());
        state.put(SKIPPED, learner.skippedInARow());
    }

    /** Restores weights, moments and the number of updates; {@code file} is where {@code state} was read from. */
    public static void load(Learner learner, Path directory, JsonNode state, Path file) throws IOException {
        Kernels kernels = learner.model().kernels();
        ModelDirectory.loadLike(learner.model().parameters(), kernels, directory.resolve(ModelDirectory.WEIGHTS));
        Path optimiser = directory.resolve("optimizer");
        ModelDirectory.loadLike(learner.optimiser().firstMoment(), kernels, optimiser.resolve(FIRST));
        ModelDirectory.loadLike(learner.optimiser().secondMoment(), kernels, optimiser.resolve(SECOND));
        JsonNode updates = state.path(UPDATES);
        if (!updates.canConvertToLong() || updates.asLong() < 0) {
            throw new InvalidFileException(file, UPDATES + " is " + updates + ", but must be a number of updates");
        }
        learner.optimiser().restore(updates.asLong());
        learner.restoreSkippedInARow(state.path(SKIPPED).asInt(0));
    }
}
