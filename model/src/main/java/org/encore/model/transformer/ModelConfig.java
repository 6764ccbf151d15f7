package org.encore.model.transformer;

import java.util.Optional;
import org.encore.model.kernels.Kernels.Activation;

/**
 * Sizes of the whole model.
 *
 * @param text the text encoder; without one the decoder has no cross-attention either, and reads codes alone
 * @param decoder the decoder
 * @param head output of the decoder
 * @param codec name of the codec whose codes the decoder generates; empty if unknown
 */
public record ModelConfig(Optional<TextEncoderConfig> text, DecoderConfig decoder, Head head, Optional<String> codec) {
    public ModelConfig {
        if (text.isPresent() && !text.get().projected() && text.get().width() != decoder.width()) {
            throw new IllegalArgumentException("the text encoder has the width "
                    + text.get().width() + ", so without projection the decoder must have it too, but has "
                    + decoder.width());
        }
    }

    /** The output layer of the decoder. */
    public enum Head {
        /** K rows of logits a step: the policy. */
        CODES,
        /** One number a step: the value network, and rewards learned from preferences. */
        SCALAR
    }

    /** A model whose codec has no name. */
    public ModelConfig(Optional<TextEncoderConfig> text, DecoderConfig decoder, Head head) {
        this(text, decoder, head, Optional.empty());
    }

    /** A model that reads text. */
    public ModelConfig(TextEncoderConfig text, DecoderConfig decoder, Head head) {
        this(Optional.of(text), decoder, head);
    }

    /** A decoder without text encoder and cross-attention. */
    public static ModelConfig withoutText(DecoderConfig decoder, Head head) {
        return new ModelConfig(Optional.empty(), decoder, head);
    }

    /** Whether text states pass a learned projection. */
    public boolean projectsText() {
        return text.isPresent() && text.get().projected();
    }

    /** Whether the model reads text. */
    public boolean readsText() {
        return text.isPresent();
    }

    /** The same trunk under another head. */
    public ModelConfig withHead(Head newHead) {
        return new ModelConfig(text, decoder, newHead, codec);
    }

    /** The same model of the codes of a codec. */
    public ModelConfig withCodec(String name) {
        return new ModelConfig(text, decoder, head, Optional.of(name));
    }

    /**
     * Sizes of the decoder.
     *
     * @param vocabulary codes V in each codebook; the id V itself is the start and padding token
     * @param codebooks codebooks K
     * @param width width D of the states, a multiple of {@code heads} and even
     * @param feedForward width I of the feed-forward layer
     * @param layers number of blocks
     * @param heads heads a block
     * @param maxPositions steps for which positions are stored in the checkpoint
     * @param activation non-linearity of the feed-forward layer
     * @param audioChannels channels of the sound: 1, or 2 for stereo, where even codebooks are left and odd ones right
     */
    public record DecoderConfig(
            int vocabulary,
            int codebooks,
            int width,
            int feedForward,
            int layers,
            int heads,
            int maxPositions,
            Activation activation,
            int audioChannels) {
        // Bounds against damaged files: all other sizes are bounded by the size of the weights.
        private static final int MAX_CODEBOOKS = 64;
        private static final int MAX_POSITIONS = 1 << 17;

        public DecoderConfig {
            Sizes.requirePositive("vocabulary", vocabulary);
            Sizes.requireIn("codebooks", codebooks, MAX_CODEBOOKS);
            Sizes.requirePositive("width", width);
            Sizes.requirePositive("feedForward", feedForward);
            Sizes.requireIn("layers", layers, Sizes.MAX_LAYERS);
            Sizes.requirePositive("heads", heads);
            Sizes.requireIn("maxPositions", maxPositions, MAX_POSITIONS);
            if (audioChannels < 1 || audioChannels > 2 || codebooks % audioChannels != 0) {
                throw new IllegalArgumentException("audioChannels is " + audioChannels
                        + ", but must be 1, or 2 with an even number of codebooks, of which there are " + codebooks);
            }
            if (width % heads != 0 || width % 2 != 0) {
                throw new IllegalArgumentException(
                        "width is " + width + ", but must be even and a multiple of heads, which is " + heads);
            }
        }

        /** A decoder of mono sound. */
        public DecoderConfig(
                int vocabulary,
                int codebooks,
                int width,
                int feedForward,
                int layers,
                int heads,
                int maxPositions,
                Activation activation) {
            this(vocabulary, codebooks, width, feedForward, layers, heads, maxPositions, activation, 1);
        }

        /** Width of a head. */
        public int headWidth() {
            return width / heads;
        }

        /** Fails if a sequence is longer than there are positions. */
        void requirePositions(int steps) {
            if (steps > maxPositions) {
                throw new IllegalArgumentException("a sequence of " + steps + " steps is longer than the "
                        + maxPositions + " positions of the model");
            }
        }

        /** The most frames of a sequence: the delay pattern adds as many steps as a channel has codebooks. */
        public int maxFrames() {
            return maxPositions - codebooks / audioChannels;
        }

        /** The id that starts and pads a sequence. */
        public int startToken() {
            return vocabulary;
        }
    }

    /**
     * Sizes of the T5 encoder (Raffel et al. 2020).
     *
     * @param vocabulary number of token ids
     * @param width width of the states, {@code d_model}
     * @param headWidth width of a head, {@code d_kv}
     * @param feedForward width of the feed-forward layer, {@code d_ff}
     * @param layers number of blocks
     * @param heads heads a block
     * @param buckets buckets of the relative position bias
     * @param maxDistance distance from which all positions share the last bucket, above {@code buckets / 4}
     * @param epsilon of the RMS normalisation
     * @param projected whether the decoder reads the states through a learned projection; if not, both widths are equal
     */
    public record TextEncoderConfig(
            int vocabulary,
            int width,
            int headWidth,
            int feedForward,
            int layers,
            int heads,
            int buckets,
            int maxDistance,
            double epsilon,
            boolean projected) {
        /** An encoder whose states are projected. */
        public TextEncoderConfig(
                int vocabulary,
                int width,
                int headWidth,
                int feedForward,
                int layers,
                int heads,
                int buckets,
                int maxDistance,
                double epsilon) {
            this(vocabulary, width, headWidth, feedForward, layers, heads, buckets, maxDistance, epsilon, true);
        }

        public TextEncoderConfig {
            Sizes.requirePositive("vocabulary", vocabulary);
            Sizes.requirePositive("width", width);
            Sizes.requirePositive("headWidth", headWidth);
            Sizes.requirePositive("feedForward", feedForward);
            Sizes.requireIn("layers", layers, Sizes.MAX_LAYERS);
            Sizes.requirePositive("heads", heads);
            Sizes.requirePositive("maxDistance", maxDistance);
            if (buckets < 4 || buckets % 4 != 0) {
                throw new IllegalArgumentException(
                        "buckets is " + buckets + ", but must be a multiple of 4, at least 4");
            }
            if (maxDistance <= buckets / 4) {
                throw new IllegalArgumentException("maxDistance is " + maxDistance
                        + ", but must be above a quarter of the buckets, which are " + buckets);
            }
            if (!(epsilon > 0.0 && epsilon < 1.0)) {
                throw new IllegalArgumentException("epsilon is " + epsilon + ", but must lie in (0, 1)");
            }
        }

        /** Width of all heads together. */
        public int innerWidth() {
            return heads * headWidth;
        }
    }

    /** Checks on sizes. */
    static final class Sizes {
        static final int MAX_LAYERS = 1000;

        private Sizes() {}

        static void requireIn(String name, int value, int max) {
            if (value < 1 || value > max) {
                throw new IllegalArgumentException(name + " is " + value + ", but must lie in [1, " + max + "]");
            }
        }

        static void requirePositive(String name, int value) {
            if (value < 1) {
                throw new IllegalArgumentException(name + " is " + value + ", but must be at least 1");
            }
        }
    }
}
