package org.encore.rewards.onnx;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.encore.base.files.InvalidFileException;
import org.encore.base.settings.Checks;
import org.encore.rewards.RewardModel;
import org.encore.rewards.TimeLimitedReward;
import org.encore.rewards.mixture.RewardSpec;

/**
 * {@link OnnxReward}: a model in the ONNX format.
 *
 * @param model the ONNX file
 * @param inputs inputs of the model
 * @param output name of the output with the score, one number per window; with {@code cosineWith}, an embedding
 * @param cosineWith a second embedding; if present, the score is the cosine of both
 * @param windowSeconds length of the windows over which scores are averaged; the whole sound if absent
 * @param windows which windows of that length are taken
 * @param batch most windows per run of the model
 * @param timeoutSeconds time limit per batch of samples
 */
public record Onnx(
        Path model,
        List<OnnxInput> inputs,
        String output,
        Optional<Companion> cosineWith,
        Optional<Double> windowSeconds,
        Windows windows,
        int batch,
        double timeoutSeconds)
        implements RewardSpec {
    /** Windows of one length. Of a clip of 30 s, the paper scores three of 10 s for text, the first and the last 20 s for quality. */
    public enum Windows {
        /** One after the other; a last one that is less than half sound is left out unless it is the only one. */
        CONSECUTIVE,
        /** The beginning and the end, which overlap in clips shorter than two windows; one in clips not longer than one. */
        FIRST_AND_LAST
    }

    /**
     * The other embedding.
     *
     * @param model the ONNX file; another output of the first model if absent
     * @param inputs inputs of the second model; empty without one
     * @param output name of the output with the embedding
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

    public Onnx {
        inputs = List.copyOf(inputs);
        requireOutput(output);
        Checks.atLeast("batch", batch, 1);
        windowSeconds.ifPresent(seconds -> Checks.within("windowSeconds", seconds, 0.05, 3600.0));
        Checks.above("timeoutSeconds", timeoutSeconds, 0.0);
        if (model != null && inputs.isEmpty()) {
            throw new IllegalArgumentException("inputs is empty, but must name the inputs of the model");
        }
    }

    /** Whole sounds one by one. Model and output are null, because a configuration must give them. */
    public static Onnx defaults() {
        return new Onnx(
                null,
                List.of(),
                null,
                Optional.empty(),
                Optional.empty(),
                Windows.CONSECUTIVE,
                1,
                TimeLimitedReward.USUAL_SECONDS);
    }

    private static void requireOutput(String output) {
        if (output != null) {
            Checks.notBlank("output", output, "the name of an output of the model");
        }
    }

    @Override
    public void requireUsable(String id) {
        requireFiles();
    }

    @Override
    public RewardModel reward(String id) {
        return new TimeLimitedReward(new OnnxReward(id, this), timeoutSeconds);
    }

    /**
     * Checks that all files exist.
     *
     * @throws InvalidFileException if one does not
     */
    void requireFiles() {
        requireFile(model);
        inputs.forEach(Onnx::requireFiles);
        cosineWith.ifPresent(other -> {
            other.model().ifPresent(Onnx::requireFile);
            other.inputs().forEach(Onnx::requireFiles);
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
