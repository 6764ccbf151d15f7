package org.encore.trainer.pretraining;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.encore.base.files.AtomicFiles;
import org.encore.evaluation.likelihood.Likelihood;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.parallel.Replicas;
import org.encore.model.parallel.Workspaces;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.weights.ModelDirectory;
import org.encore.run.RunDirectory;

/**
 * Early stopping: keeps the weights, or the adapters, with the lowest held-out loss in {@code best/} of the run directory; off with a patience
 * of 0.
 */
final class BestWeights {
    private static final String LOSS = "best_loss";
    private static final String STEP = "best_step";
    private static final String MISSES = "measurements_since_best";

    private final Path directory;
    private final int patience;
    private double loss = Double.POSITIVE_INFINITY;
    private long step;
    private int misses;

    BestWeights(RunDirectory run, int patience) {
        this.directory = run.path().resolve("best");
        this.patience = patience;
    }

    /** Records a measurement, and keeps the weights if the loss is the lowest so far. */
    void measured(long atStep, double measured, MusicTransformer model) throws IOException {
        if (patience == 0) {
            return;
        }
        if (!(measured < loss)) {
            misses++;
            return;
        }
        loss = measured;
        step = atStep;
        misses = 0;
        AtomicFiles.writeDirectory(directory, target -> {
            if (model.lora().isPresent()) {
                ModelDirectory.saveLike(model.trainable(), model.kernels(), target.resolve(ModelDirectory.WEIGHTS));
            } else {
                ModelDirectory.save(model, target);
            }
        });
    }

    /** Whether the patience is used up, so that the run ends. */
    boolean isExhausted() {
        return patience > 0 && misses >= patience;
    }

    /** Restores the kept weights, if any. */
    void restoreInto(MusicTransformer model) throws IOException {
        if (step > 0) {
            ModelDirectory.loadLike(model.trainable(), model.kernels(), directory.resolve(ModelDirectory.WEIGHTS));
        }
    }

    /** The step of the kept weights, or the given step if none are kept. */
    long stepOr(long last) {
        return step > 0 ? step : last;
    }

    void write(ObjectNode state) {
        if (step > 0) {
            state.put(LOSS, loss).put(STEP, step).put(MISSES, misses);
        }
    }

    void read(JsonNode state) {
        loss = state.path(LOSS).asDouble(Double.POSITIVE_INFINITY);
        step = state.path(STEP).asLong(0);
        misses = state.path(MISSES).asInt(0);
    }

    /** Whole held-out items for the loss of a model. */
    static final class HeldOutPieces {
        private final OptionalInt uncounted;
        private final List<CodeBatcher.MicroBatch> microBatches;

        /**
         * Cuts the items into micro-batches.
         *
         * @param uncounted the code that does not count, if there is one
         */
        HeldOutPieces(List<CodeSequence> pieces, OptionalInt uncounted, CodeBatcher batcher, int microBatch) {
            this.uncounted = uncounted;
            this.microBatches = batcher.cut(pieces, microBatch);
        }

        boolean isEmpty() {
            return microBatches.isEmpty();
        }

        /** Measures the loss of a model by codebook; codes that only mark the end do not count. */
        List<Likelihood.Sums> measure(Replicas model, Workspaces workspaces) {
            return Likelihood.byCodebook(model, workspaces, microBatches, uncounted);
        }
    }
}
