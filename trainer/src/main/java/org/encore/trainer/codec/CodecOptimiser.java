package org.encore.trainer.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.encore.base.files.InvalidFileException;
import org.encore.model.encodec.EncodecParameters;
import org.encore.model.encodec.training.CodecPass;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.AdamWStep;
import org.encore.model.kernels.Tensor;
import org.encore.model.learning.DivergedException;
import org.encore.model.learning.Learner;
import org.encore.model.optimiser.AdamW;
import org.encore.model.weights.SafetensorsFile;
import org.encore.model.weights.SafetensorsWriter;
import org.encore.run.TrainerState;

/** AdamW on encoder and decoder, all their weights alike; a gradient that is not finite changes nothing. */
final class CodecOptimiser {
    private static final String FIRST = "first_moment.safetensors";
    private static final String SECOND = "second_moment.safetensors";
    private static final String LAYERS = "layers";
    private static final String UPDATES = "updates";
    private static final String SKIPPED = "skipped_in_a_row";

    private final Kernels kernels;
    private final Tensor weights;
    private final Tensor firstMoment;
    private final Tensor secondMoment;
    private final CodecSettings.Training training;
    private long updates;
    private int skippedInARow;

    /** The result of an update, as {@link Learner.Update}. */
    record Update(double gradNorm, double learningRate, boolean skipped) {}

    CodecOptimiser(Kernels kernels, EncodecParameters parameters, CodecSettings.Training training) {
        this.kernels = kernels;
        this.weights = parameters.layers();
        this.training = training;
        this.firstMoment = kernels.allocate(1, weights.columns());
        this.secondMoment = kernels.allocate(1, weights.columns());
    }

    /**
     * Adds the gradients up, shard after shard, updates the weights and clears the gradients.
     *
     * @throws DivergedException if the gradient was not finite {@link Learner#PATIENCE} times in a row
     */
    Update update(CodecPass[] passes) {
        Tensor gradient = passes[0].gradient().layers();
        for (int shard = 1; shard < passes.length; shard++) {
            kernels.add(passes[shard].gradient().layers(), gradient);
        }
        AdamW.Settings s = training.optimiser();
        double norm = Math.sqrt(kernels.sumOfSquares(gradient));
        double rate = s.learningRate() * training.schedule().factor(updates + 1, training.steps());
        boolean finite = Double.isFinite(norm);
        if (finite) {
            updates++;
            skippedInARow = 0;
            AdamWStep step = new AdamWStep(
                    rate, s.beta1(), s.beta2(), s.epsilon(), s.weightDecay(), updates, s.gradientScale(norm));
            kernels.adamW(step, weights, gradient, firstMoment, secondMoment);
        } else {
            skippedInARow++;
        }
        for (CodecPass pass : passes) {
            kernels.fill(pass.gradient().layers(), 0.0);
        }
        if (skippedInARow >= Learner.PATIENCE) {
            throw new DivergedException("the gradient of the codec was " + norm + " in " + Learner.PATIENCE
                    + " updates in a row after " + updates
                    + " finite ones; lower training.optimiser.learningRate (now " + s.learningRate() + ")");
        }
        return new Update(norm, rate, !finite);
    }

    /**
     * Checks the weights before they are written.
     *
     * @throws DivergedException if one is not finite
     */
    void requireFiniteWeights() {
        if (!Double.isFinite(kernels.sumOfSquares(weights))) {
            throw new DivergedException("the weights of the codec are no longer finite, so they were not written");
        }
    }

    void save(Path directory, ObjectNode state) throws IOException {
        write(firstMoment, directory.resolve(FIRST));
        write(secondMoment, directory.resolve(SECOND));
        state.put(UPDATES, updates).put(SKIPPED, skippedInARow);
    }

    private void write(Tensor moment, Path file) throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter(SafetensorsWriter.Format.F32);
        writer.add(LAYERS, List.of(moment.columns()), () -> kernels.readFloats(moment));
        writer.write(file);
    }

    void load(Path checkpoint, JsonNode state) throws IOException {
        JsonNode made = state.path(UPDATES);
        if (!made.canConvertToLong() || made.asLong() < 0) {
            throw new InvalidFileException(
                    checkpoint.resolve(TrainerState.FILE),
                    UPDATES + " is " + made + ", but must be a number of updates");
        }
        read(checkpoint.resolve("optimizer").resolve(FIRST), firstMoment);
        read(checkpoint.resolve("optimizer").resolve(SECOND), secondMoment);
        updates = made.asLong();
        skippedInARow = state.path(SKIPPED).asInt(0);
    }

    private void read(Path file, Tensor moment) throws IOException {
        try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
            float[] values = tensors.floats(LAYERS);
            if (values.length != moment.columns()) {
                throw new InvalidFileException(file, "tensor " + LAYERS + " has another size than the codec's");
            }
            kernels.write(moment, values);
        }
    }
}
