package org.encore.model.transformer;

/** T5's buckets of relative positions, for an encoder that looks both ways (Raffel et al. 2020, section 2.1). */
final class RelativePositions {
    private RelativePositions() {}

    /**
     * The bucket of a key seen from a query: half of the buckets for each direction; in each, one a distance up to half of
     * it, then logarithmic up to the maximal distance.
     *
     * @param distance key position minus query position
     */
    static int bucket(int distance, TextEncoderConfig config) {
        int half = config.buckets() / 2;
        int exact = half / 2;
        int offset = distance > 0 ? half : 0;
        int magnitude = Math.abs(distance);
        if (magnitude < exact) {
            return offset + magnitude;
        }
        // In 32 bits, as the reference computes it: the rounding decides at the edges of buckets.
        float position = (float) Math.log((float) magnitude / exact)
                / (float) Math.log((double) config.maxDistance() / exact)
                * (half - exact);
        return offset + Math.min(exact + (int) position, half - 1);
    }

    /** One-hot rows: element {@code [bucket, i * s + j]} is 1 for the bucket of key j seen from query i. */
    static float[] oneHot(int s, TextEncoderConfig config) {
        float[] rows = new float[config.buckets() * s * s];
        for (int i = 0; i < s; i++) {
            for (int j = 0; j < s; j++) {
                rows[bucket(j - i, config) * s * s + i * s + j] = 1.0f;
            }
        }
        return rows;
    }
}
