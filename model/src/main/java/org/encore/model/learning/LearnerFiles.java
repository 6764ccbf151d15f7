package org.encore.model.learning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.encore.base.files.InvalidFileException;
import org.encore.model.kernels.Kernels;
import org.encore.model.weights.AdapterFiles;
import org.encore.model.weights.ModelDirectory;

/** Saves and loads a learner: the model in the Hugging Face layout, and all other state of its next update. */
public final class LearnerFiles {
    private static final String FIRST = "first_moment.safetensors";
    private static final String SECOND = "second_moment.safetensors";
    /** The weights in 32 bits, where the model's own file rounds them. */
    private static final String MASTER = "master_weights.safetensors";

    private static final String UPDATES = "updates";
    private static final String SKIPPED = "skipped_in_a_row";

    private LearnerFiles() {}

    /**
     * The checkpoint that a model was loaded from.
     *
     * @param path directory of the model
     * @param sha256 SHA-256 of the weights when they were loaded; the file may change later
     */
    public record Origin(Path path, String sha256) {
        /** Hashes the weights of a directory. */
        public static Origin of(Path path) throws IOException {
            return new Origin(path, ModelDirectory.sha256(path));
        }
    }

    /**
     * Writes the model, or its adapters alone, and moments.
     *
     * @param source the checkpoint that the model was loaded from, whose layout it keeps, or the base of its adapters; empty
     *     for our own layout
     * @param state receives the numbers that are not tensors
     * @throws DivergedException if a weight is not finite
     */
    public static void save(Learner learner, Optional<Origin> source, Path directory, ObjectNode state)
            throws IOException {
        saveModel(learner, source, directory);
        Kernels kernels = learner.model().kernels();
        Path optimiser = Files.createDirectories(directory.resolve("optimizer"));
        boolean adapters = learner.model().lora().isPresent();
        if (!adapters
                && source.isPresent()
                && ModelDirectory.isRounded(AdapterFiles.base(source.get().path()))) {
            ModelDirectory.saveLike(learner.model().parameters(), kernels, optimiser.resolve(MASTER));
        }
        ModelDirectory.saveLike(learner.optimiser().firstMoment(), kernels, optimiser.resolve(FIRST));
        ModelDirectory.saveLike(learner.optimiser().secondMoment(), kernels, optimiser.resolve(SECOND));
        state.put(UPDATES, learner.optimiser().step());
        state.put(SKIPPED, learner.skippedInARow());
    }

    /**
     * Writes the model alone, or its adapters, as {@link #save} does.
     *
     * @throws DivergedException if a weight is not finite
     */
    public static void saveModel(Learner learner, Optional<Origin> source, Path directory) throws IOException {
        learner.requireFiniteWeights();
        Files.createDirectories(directory);
        if (learner.model().lora().isPresent()) {
            Origin base = source.orElseThrow();
            AdapterFiles.save(learner.model(), base.path(), base.sha256(), directory);
        } else if (source.isPresent()) {
            ModelDirectory.saveAs(
                    learner.model(), AdapterFiles.base(source.get().path()), directory);
        } else {
            ModelDirectory.save(learner.model(), directory);
        }
    }

    /** Restores weights, moments and the number of updates; {@code file} is where {@code state} was read from. */
    public static void load(Learner learner, Path directory, JsonNode state, Path file) throws IOException {
        Kernels kernels = learner.model().kernels();
        Path optimiser = directory.resolve("optimizer");
        Path master = optimiser.resolve(MASTER);
        if (learner.model().lora().isPresent()) {
            AdapterFiles.load(learner.model(), directory);
        } else if (Files.exists(master)) {
            ModelDirectory.loadLike(learner.model().parameters(), kernels, master);
        } else {
            ModelDirectory.restore(learner.model(), directory);
        }
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
