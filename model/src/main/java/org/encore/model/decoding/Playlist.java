package org.encore.model.decoding;

import java.util.Optional;
import java.util.random.RandomGenerator;

/** Where a {@link Generator} takes sequences from and where it brings what it played. Used by one thread at a time. */
public interface Playlist {
    /**
     * A sequence to be played.
     *
     * @param index whatever tells it from others
     * @param textIds text tokens, {@code [S]}
     * @param textValidity 1 where a token is real, else 0, {@code [S]}
     * @param random its randomness
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    record Item(int index, int[] textIds, float[] textValidity, RandomGenerator random) {}

    /** The next sequence; empty if there are no more. */
    Optional<Item> next();

    /**
     * Takes a sequence that has ended.
     *
     * @param index its index
     * @param codes {@code [K][F]}, cut to the frames that count, the end code included
     * @param logProbs log-probability of each step, summed over its codebooks, as sampled, {@code [T]}
     */
    void played(int index, int[][] codes, double[] logProbs);
}
