package org.encore.trainer.pretraining;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.optimiser.AdamW;
import org.encore.model.optimiser.Schedule;
import org.encore.model.transformer.LoraSettings;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.ModelConfig.TextEncoderConfig;
import org.encore.music.audio.Loudness;
import org.encore.run.ComputeSettings;

/**
 * The settings of a pretraining run.
 *
 * @param seed seed of all random numbers of the run
 * @param checkpoint initial model, whose sizes, weights and vocabulary replace {@code model}; the optimiser starts anew
 * @param corpus the training data
 * @param model sizes of a new model
 * @param training number of updates, batches and optimiser
 * @param evaluation held-out loss, samples and checkpoints
 * @param compute parallelism and memory
 */
public record PretrainSettings(
        long seed,
        Optional<Path> checkpoint,
        CorpusSource corpus,
        ModelSettings model,
        Training training,
        Evaluation evaluation,
        ComputeSettings compute) {
    public PretrainSettings {
        if (training.lora().isPresent() && checkpoint.isEmpty()) {
            throw new IllegalArgumentException(
                    "training.lora adapts a model that is trained already, but there is no checkpoint; name one, or leave"
                            + " training.lora out");
        }
    }

    /** Settings of a run with a new model. */
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
     * Updates, batches and optimiser.
     *
     * @param steps number of updates
     * @param batch pieces per update
     * @param conditionDropout probability that the caption of a piece is hidden, for classifier-free guidance; 0 switches it
     *     off
     * @param dropout dropout rate of the decoder's states in training, against overfitting; 0 switches it off
     * @param optimiser settings of AdamW
     * @param schedule learning-rate schedule over all steps
     * @param lora low-rank adapters that are trained in place of the weights of {@code checkpoint}; null trains all weights
     */
    public record Training(
            int steps,
            int batch,
            double conditionDropout,
            double dropout,
            AdamW.Settings optimiser,
            Schedule schedule,
            Optional<LoraSettings> lora) {
        public Training {
            requirePositive("steps", steps);
            requirePositive("batch", batch);
            requireShare("conditionDropout", conditionDropout);
            requireShare("dropout", dropout);
        }

        /** All weights are trained. */
        public Training(
                int steps,
                int batch,
                double conditionDropout,
                double dropout,
                AdamW.Settings optimiser,
                Schedule schedule) {
            this(steps, batch, conditionDropout, dropout, optimiser, schedule, Optional.empty());
        }

        public static Training defaults() {
            return new Training(1000, 32, 0.1, 0.0, AdamW.Settings.defaults(), new Schedule.Cosine(100, 0.1));
        }
    }

    /**
     * Held-out loss, samples and checkpoints.
     *
     * @param every steps between two measurements of the held-out loss; the last step always has one
     * @param pieces held-out pieces for the loss
     * @param checkpointEvery steps between two checkpoints; the last step always writes one
     * @param samples completions of held-out prompts at the end
     * @param patience early stopping: the run ends after this number of measurements without a lower held-out loss, and keeps
     *     the weights with the lowest one; 0 switches it off
     * @param loudness of the samples' sound files in LUFS; 0 leaves them as they are
     */
    public record Evaluation(int every, int pieces, int checkpointEvery, int samples, int patience, double loudness) {
        public Evaluation {
            requirePositive("every", every);
            requirePositive("pieces", pieces);
            requirePositive("checkpointEvery", checkpointEvery);
            requireNotNegative("samples", samples);
            requireNotNegative("patience", patience);
            Loudness.requireTarget("loudness", loudness);
        }

        public static Evaluation defaults() {
            return new Evaluation(100, 128, 500, 8, 0, Loudness.STANDARD);
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

    /** These settings with another path of the codec. */
    public PretrainSettings located(UnaryOperator<Path> locate) {
        return new PretrainSettings(seed, checkpoint, corpus, model.located(locate), training, evaluation, compute);
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
     * @param layers layers of the decoder
     * @param heads attention heads per layer
     * @param feedForward width of the decoder's feed-forward layer
     * @param maxFrames longest piece, in codes per codebook; the corpus cuts longer ones
     * @param text sizes of the text encoder; null for a model without text, for pieces without captions
     * @param codec directory of the EnCodec whose codes the model generates: a stand-alone one, or one of a MusicGen
     *     checkpoint; the new model becomes a MusicGen directory with it. null for a corpus of notes
     */
    public record ModelSettings(
            int width,
            int layers,
            int heads,
            int feedForward,
            int maxFrames,
            Optional<Text> text,
            Optional<Path> codec) {
        /**
         * Sizes of the text encoder.
         *
         * @param width width of the text encoder
         * @param layers layers of the text encoder
         * @param heads attention heads per layer; a head is {@code width / heads} wide
         * @param feedForward width of the text encoder's feed-forward layer
         * @param vocabulary most words of the vocabulary, special tokens included
         */
        public record Text(int width, int layers, int heads, int feedForward, int vocabulary) {
            public Text {
                if (heads < 1 || width % heads != 0) {
                    throw new IllegalArgumentException(
                            "width is " + width + ", but must be a multiple of heads, " + heads);
                }
            }

            /** The sizes of the shipped model. */
            public static Text defaults() {
                return new Text(128, 2, 4, 256, 1024);
            }
        }

        public ModelSettings {
            if (maxFrames < 16) {
                throw new IllegalArgumentException("maxFrames is " + maxFrames + ", but must be at least 16");
            }
            if (codec.isPresent() && text.isEmpty()) {
                throw new IllegalArgumentException(
                        "text is null, but a model with a codec of sound is a MusicGen directory, which reads text");
            }
        }

        /** Sizes of a model of notes. */
        public ModelSettings(int width, int layers, int heads, int feedForward, int maxFrames, Optional<Text> text) {
            this(width, layers, heads, feedForward, maxFrames, text, Optional.empty());
        }

        /** The sizes of the shipped model. */
        public static ModelSettings defaults() {
            return new ModelSettings(192, 4, 4, 768, 256, Optional.of(Text.defaults()));
        }

        private ModelSettings located(UnaryOperator<Path> locate) {
            return new ModelSettings(width, layers, heads, feedForward, maxFrames, text, codec.map(locate));
        }

        /** These sizes with another longest piece. */
        ModelSettings withMaxFrames(int frames) {
            return new ModelSettings(width, layers, heads, feedForward, frames, text, codec);
        }

        /** The model configuration; {@code words} is used only with text. */
        ModelConfig config(int codebooks, int cardinality, int words) {
            DecoderConfig decoder = new DecoderConfig(
                    cardinality, codebooks, width, feedForward, layers, heads, maxFrames + codebooks, Activation.GELU);
            return new ModelConfig(text.map(t -> textConfig(t, words)), decoder, ModelConfig.Head.CODES);
        }

        /** Fixed values of T5: 32 buckets, distance 128, epsilon 1e-6. */
        private TextEncoderConfig textConfig(Text text, int words) {
            // MusicGen's layout projects the text's states only where the widths differ.
            boolean projected = codec.isEmpty() || text.width() != width;
            return new TextEncoderConfig(
                    words,
                    text.width(),
                    text.width() / text.heads(),
                    text.feedForward(),
                    text.layers(),
                    text.heads(),
                    32,
                    128,
                    1e-6,
                    projected);
        }
    }
}
