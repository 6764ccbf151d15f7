package org.encore.model.parallel;

import java.io.Serializable;

/**
 * One generated sequence.
 *
 * @param codes {@code [K][F]}, cut to the valid frames, the end code included
 * @param logProbs log-probability of each step, summed over its codebooks, under the sampling distribution, {@code [T]}
 */
@SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
public record Completion(int[][] codes, double[] logProbs) implements Serializable {
    /** Number of steps. */
    public int steps() {
        return logProbs.length;
    }
}
