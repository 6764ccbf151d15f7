package org.encore.rewards.onnx;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.encore.base.files.InvalidFileException;

/**
 * How a model in the ONNX format is asked.
 *
 * @param model the file
 * @param inputs what it is told, at least one
 * @param output the output that is the score, one number a sample; with {@code cosineWith} an embedding
 * @param cosineWith if present, the score is the cosine of the two embeddings
 * @param windowSeconds if present, sound is cut into windows of this length and scores are means over them
 * @param batch the most windows that the model is asked about at once, at least 1
 */
public record OnnxSettings(
        Path model,
        List<OnnxInput> inputs,
        String output,
        Optional<Companion> cosineWith,
        Optional<Double> windowSeconds,
        int batch) {
    /**
     * The other embedding.
     *
     * @param model the file; empty for another output of the first model
     * @param inputs what the other model is told; nothing where there is none
     * @param output the output that is the embedding
     */
    public record Companion(Optional<Path> model, List<OnnxInput> inputs, String output) {
        public Companion {
            inputs = List.copyOf(inputs);
            requireOutput(output);
            if (model.isPresent() == inputs.isEmpty()) {
                throw new IllegalArgumentException("inputs has " + inputs.size() + " items, but must have "
                        + (model.isPresent() ? "some, for the other model" : "none unless there is another model"));
            }
        }

        /** Another output of the first model. */
        public static Companion defaults() {
            return new Companion(Optional.empty(), List.of(), null);
        }
    }

    public OnnxSettings {
        inputs = List.copyOf(inputs);
        requireOutput(output);
        if (batch < 1) {
            throw new IllegalArgumentException("batch is " + batch + ", but must be at least 1");
        }
        if (windowSeconds.isPresent() && !(windowSeconds.get() >= 0.05 && windowSeconds.get() <= 3600.0)) {
            throw new IllegalArgumentException(
                    "windowSeconds is " + windowSeconds.get() + ", but must lie in [0.05, 3600]");
        }
    }

    private static void requireOutput(String output) {
        if (output != null && output.isBlank()) {
            throw new IllegalArgumentException("output is blank, but must be the name of an output of the model");
        }
    }

    /**
     * Looks whether all files are there.
     *
     * @throws InvalidFileException if one is not
     */
    public void requireFiles() {
        requireFile(model);
        inputs.forEach(OnnxSettings::requireFiles);
        cosineWith.ifPresent(other -> {
            other.model().ifPresent(OnnxSettings::requireFile);
            other.inputs().forEach(OnnxSettings::requireFiles);
        });
    }

    private static void requireFiles(OnnxInput input) {
        if (input instanceof OnnxInput.Tokens tokens) {
            requireFile(tokens.tokenizer());
        }
    }

    private static void requireFile(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new InvalidFileException(file, Files.exists(file) ? "is not a file" : "does not exist");
        }
    }
}
