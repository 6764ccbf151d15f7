package org.encore.model.transformer;

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
        double epsilon) {
    public TextEncoderConfig {
        Sizes.requirePositive("vocabulary", vocabulary);
        Sizes.requirePositive("width", width);
        Sizes.requirePositive("headWidth", headWidth);
        Sizes.requirePositive("feedForward", feedForward);
        Sizes.requireIn("layers", layers, Sizes.MAX_LAYERS);
        Sizes.requirePositive("heads", heads);
        Sizes.requirePositive("maxDistance", maxDistance);
        if (buckets < 4 || buckets % 4 != 0) {
            throw new IllegalArgumentException("buckets is " + buckets + ", but must be a multiple of 4, at least 4");
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
