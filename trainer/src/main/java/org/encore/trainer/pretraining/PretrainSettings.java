package org.encore.trainer.pretraining;

import java.nio.file.Path;
import java.util.Optional;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.optimiser.AdamW;
import org.encore.model.optimiser.Schedule;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.ModelConfig.TextEncoderConfig;
import org.encore.run.ComputeSettings;

/**
 * A pretraining run.
 *
 * @param seed decides everything random in the run
 * @param checkpoint a model to go on from, whose sizes, weights and vocabulary count instead of {@code model}; the optimiser
 *     begins anew
 * @param corpus what the model learns from
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
        ComputeSettings compute) {
    /** A run that begins with a new model. */
    public PretrainSettings(
            long seed,
            CorpusSource corpus,
            ModelSettings model,
            Training training,
            Evaluation evaluation,
            ComputeSettings compute) {
        this(seed, Optional.empty(), corpus, model, training, evaluation, compute);
    }

    /**
     * How the model learns.
     *
     * @param steps updates
     * @param batch pieces in an update
     * @param conditionDropout share of pieces whose caption is hidden, for classifier-free guidance; 0 hides none
     * @param dropout share of elements of the decoder's states that are dropped in training, against overfitting; 0 drops none
     * @param optimiser numbers of AdamW
     * @param schedule how the learning rate changes over all steps
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
     * @param every steps between two measurements of the held-out loss; the last step always measures
     * @param pieces held-out pieces that it is measured on
     * @param checkpointEvery steps between two checkpoints; the last step always writes one
     * @param samples completions of held-out prompts at the end
     * @param patience early stopping: the run ends after this number of measurements without a lower held-out loss, and keeps the
     *     weights with the lowest one; 0 trains to the last step and keeps its weights
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
                ComputeSettings.defaults());
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

    /**
     * Sizes of a new model.
     *
     * @param width width of the decoder
     * @param layers blocks of the decoder
     * @param heads attention heads of a block
     * @param feedForward width of the decoder's feed-forward layer
     * @param maxFrames the most codes of a piece in each codebook; longer pieces are cut by the corpus
     * @param text the text encoder; empty for a model that reads no text, such as one for pieces without captions
     */
    public record ModelSettings(int width, int layers, int heads, int feedForward, int maxFrames, Optional<Text> text) {
        /**
         * Sizes of the text encoder.
         *
         * @param width width of the text encoder
         * @param layers blocks of the text encoder
         * @param heads attention heads of a block; a head is {@code width / heads} wide
         * @param feedForward width of the text encoder's feed-forward layer
         * @param vocabulary the most words, special tokens included
         */
        public record Text(int width, int layers, int heads, int feedForward, int vocabulary) {
            public Text {
                if (heads < 1 || width % heads != 0) {
                    throw new IllegalArgumentException(
                            "width is " + width + ", but must be a multiple of heads, " + heads);
                }
            }

            /** The shipped model's. */
            public static Text defaults() {
                return new Text(128, 2, 4, 256, 1024);
            }
        }

        public ModelSettings {
            if (maxFrames < 16) {
                throw new IllegalArgumentException("maxFrames is " + maxFrames + ", but must be at least 16");
            }
        }

        /** The shipped model's. */
        public static ModelSettings defaults() {
            return new ModelSettings(192, 4, 4, 768, 256, Optional.of(Text.defaults()));
        }

        /** The same model for pieces of another length. */
        ModelSettings withMaxFrames(int frames) {
            return new ModelSettings(width, layers, heads, feedForward, frames, text);
        }

        /** The model; {@code words} counts only if there is text. */
        ModelConfig config(int codebooks, int cardinality, int words) {
            DecoderConfig decoder = new DecoderConfig(
                    cardinality, codebooks, width, feedForward, layers, heads, maxFrames + codebooks, Activation.GELU);
            return new ModelConfig(text.map(t -> textConfig(t, words)), decoder, ModelConfig.Head.CODES);
        }

        /** T5's numbers where there is no setting: 32 buckets, distance 128, epsilon 1e-6. */
        private static TextEncoderConfig textConfig(Text text, int words) {
            return new TextEncoderConfig(
                    words,
                    text.width(),
                    text.width() / text.heads(),
                    text.feedForward(),
                    text.layers(),
                    text.heads(),
                    32,
                    128,
                    1e-6);
        }
    }
}
