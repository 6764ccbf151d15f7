package org.encore.trainer.pretraining;

import java.util.Optional;
import org.encore.model.kernels.Activation;
import org.encore.model.transformer.DecoderConfig;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.TextEncoderConfig;

/**
 * Sizes of a new model.
 *
 * @param width width of the decoder
 * @param layers blocks of the decoder
 * @param heads heads a block
 * @param feedForward width of the decoder's feed-forward layer
 * @param maxFrames the most codes of a piece in each codebook; longer pieces are cut by the corpus
 * @param text the text encoder; empty for a model that reads no text, such as one for pieces without captions
 */
public record ModelSettings(int width, int layers, int heads, int feedForward, int maxFrames, Optional<Text> text) {
    /**
     * Sizes of the text encoder.
     *
     * @param width width of its states
     * @param layers blocks
     * @param heads heads a block; a head is {@code width / heads} wide
     * @param feedForward width of its feed-forward layer
     * @param vocabulary the most words, special tokens included
     */
    public record Text(int width, int layers, int heads, int feedForward, int vocabulary) {
        public Text {
            if (heads < 1 || width % heads != 0) {
                throw new IllegalArgumentException("width is " + width + ", but must be a multiple of heads, " + heads);
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
