package org.encore.model.parallel;

/**
 * One sequence as it was sampled.
 *
 * @param codes {@code [K][F]}, cut to the frames that count, the end code included
 * @param logProbs log-probability of each step, summed over its codebooks, under the distribution sampled from, {@code [T]}
 */
@SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
public record Completion(int[][] codes, double[] logProbs) {
    /** Steps that count. */
    public int steps() {
        return logProbs.length;
    }
}
