package org.encore.trainer.pretraining;

import java.nio.file.Path;
import java.util.Optional;
import org.encore.model.memory.Recompute;
import org.encore.model.optimiser.AdamW;
import org.encore.model.optimiser.Schedule;
import org.encore.trainer.data.CorpusSource;

/**
 * A pretraining run.
 *
 * @param seed decides everything random in the run
 * @param checkpoint a model to go on from, which {@code model} then says nothing about; empty begins with a new one
 * @param corpus what is learned from
 * @param model sizes of a new model
 * @param training how it learns
 * @param evaluation what is looked at on the way
 * @param compute how the work is spread
 */
public record PretrainSettings(
        long seed,
        Optional<Path> checkpoint,
        CorpusSource corpus,
        ModelSettings model,
        Training training,
        Evaluation evaluation,
        Compute compute) {
    /** A run that begins with a new model. */
    public PretrainSettings(
            long seed,
            CorpusSource corpus,
            ModelSettings model,
            Training training,
            Evaluation evaluation,
            Compute compute) {
        this(seed, Optional.empty(), corpus, model, training, evaluation, compute);
    }

    /**
     * How the model learns.
     *
     * @param steps updates
     * @param batch pieces an update
     * @param conditionDropout share of pieces whose caption is hidden, for classifier-free guidance; in [0, 1)
     * @param dropout share of elements of the decoder's states that are dropped, against overfitting; in [0, 1)
     * @param optimiser numbers of AdamW
     * @param schedule of the learning rate
     */
    public record Training(
            int steps,
            int batch,
            double conditionDropout,
            double dropout,
            AdamW.Settings optimiser,
            Schedule schedule) {
        public Training {
            requirePositive("steps", steps);
            requirePositive("batch", batch);
            requireShare("conditionDropout", conditionDropout);
            requireShare("dropout", dropout);
        }

        public static Training defaults() {
            return new Training(1000, 32, 0.1, 0.0, AdamW.Settings.defaults(), new Schedule.Cosine(100, 0.1));
        }
    }

    /**
     * What is looked at on the way.
     *
     * @param every steps between two measurements of the held-out loss
     * @param pieces held-out pieces it is measured on
     * @param checkpointEvery steps between two checkpoints
     * @param samples pieces played at the end
     * @param patience 0 trains to the last step and keeps its weights; else the weights with the lowest held-out loss are
     *     kept, and the run ends after so many measurements in a row that were no lower
     */
    public record Evaluation(int every, int pieces, int checkpointEvery, int samples, int patience) {
        public Evaluation {
            requirePositive("every", every);
            requirePositive("pieces", pieces);
            requirePositive("checkpointEvery", checkpointEvery);
            requireNotNegative("samples", samples);
            requireNotNegative("patience", patience);
        }

        public static Evaluation defaults() {
            return new Evaluation(100, 128, 500, 8, 0);
        }
    }

    public static PretrainSettings defaults() {
        return new PretrainSettings(
                1,
                Optional.empty(),
                CorpusSource.defaults(),
                ModelSettings.defaults(),
                Training.defaults(),
                Evaluation.defaults(),
                Compute.defaults());
    }

    /**
     * How the work is spread.
     *
     * @param shards parts of a batch that are computed side by side; results depend on it, not on the number of processors
     * @param microBatch the most sequences of one pass
     * @param recompute whether backward passes compute activations again, for less memory; results do not depend on it
     */
    public record Compute(int shards, int microBatch, Recompute recompute) {
        public Compute {
            requirePositive("shards", shards);
            requirePositive("microBatch", microBatch);
        }

        public static Compute defaults() {
            return new Compute(2, 8, Recompute.AUTO);
        }
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be at least 1");
        }
    }

    private static void requireNotNegative(String name, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be at least 0");
        }
    }

    private static void requireShare(String name, double value) {
        if (!(value >= 0.0 && value < 1.0)) {
            throw new IllegalArgumentException(name + " is " + value + ", but must lie in [0, 1)");
        }
    }
}
