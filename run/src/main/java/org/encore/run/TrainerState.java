package org.encore.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.InvalidFileException;
import org.encore.base.files.JsonProblems;

/** The file {@code trainer_state.json} of a checkpoint: the step, and all other state that is not a tensor. */
public final class TrainerState {
    public static final String FILE = "trainer_state.json";
    private static final String STEP = "step";
    private static final String KIND = "kind";

    private TrainerState() {}

    /** A new state. */
    public static ObjectNode of(String kind, long step) {
        return new ObjectMapper().createObjectNode().put(KIND, kind).put(STEP, step);
    }

    /** Writes it into a checkpoint. */
    public static void write(ObjectNode state, Path checkpoint) throws IOException {
        AtomicFiles.write(
                checkpoint.resolve(FILE),
                new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(state));
    }

    /**
     * Reads it from a checkpoint.
     *
     * @param kind which trainer must have written it
     * @throws InvalidFileException if it is missing, not JSON, or of another trainer
     */
    public static JsonNode read(Path checkpoint, String kind) throws IOException {
        Path file = checkpoint.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new InvalidFileException(file, "does not exist, so no run can resume from this checkpoint");
        }
        try {
            JsonNode state = new ObjectMapper().readTree(file.toFile());
            if (!state.path(KIND).asText().equals(kind) || !state.path(STEP).canConvertToLong()) {
                throw new InvalidFileException(
                        file, "is the state of \"" + state.path(KIND).asText() + "\", but \"" + kind + "\" is needed");
            }
            if (!state.path(STEP).isIntegralNumber() || step(state) < 0) {
                throw new InvalidFileException(
                        file, "step is " + state.path(STEP) + ", but must be a whole number, at least 0");
            }
            return state;
        } catch (JsonProcessingException e) {
            throw new InvalidFileException(file, "is not valid JSON: " + JsonProblems.of(e), e);
        }
    }

    /** The step after which a state was written. */
    public static long step(JsonNode state) {
        return state.path(STEP).asLong();
    }
}
