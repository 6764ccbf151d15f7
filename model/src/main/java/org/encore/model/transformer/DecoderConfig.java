package org.encore.model.transformer;

import org.encore.model.kernels.Activation;

/**
 * Sizes of the decoder.
 *
 * @param vocabulary codes V in each codebook; the id V itself is the start and padding token
 * @param codebooks codebooks K
 * @param width width D of the states, a multiple of {@code heads} and even
 * @param feedForward width F of the feed-forward layer
 * @param layers number of blocks
 * @param heads heads a block
 * @param maxPositions steps for which positions are stored in the checkpoint
 * @param activation non-linearity of the feed-forward layer
 */
public record DecoderConfig(
        int vocabulary,
        int codebooks,
        int width,
        int feedForward,
        int layers,
        int heads,
        int maxPositions,
        Activation activation) {
    // Bounds against damaged files: what has no bound here is bounded by the size of the weights.
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
        if (width % heads != 0 || width % 2 != 0) {
            throw new IllegalArgumentException(
                    "width is " + width + ", but must be even and a multiple of heads, which is " + heads);
        }
    }

    /** Width of a head. */
    public int headWidth() {
        return width / heads;
    }

    /** Fails if a sequence is longer than there are positions. */
    void requirePositions(int steps) {
        if (steps > maxPositions) {
            throw new IllegalArgumentException(
                    "a sequence of " + steps + " steps is longer than the " + maxPositions + " positions of the model");
        }
    }

    /** The most frames of a sequence: with the delay pattern it takes as many steps more as there are codebooks. */
    public int maxFrames() {
        return maxPositions - codebooks;
    }

    /** The id that starts and pads a sequence. */
    public int startToken() {
        return vocabulary;
    }
}
