package org.encore.model.decoding;

/**
 * What a model played.
 *
 * @param codes codes of each sequence, {@code [B][K][F]}; frames after the end hold the end code
 * @param logProbs log-probability of each step, summed over its codebooks, as sampled, {@code [B][T]}; NaN after the end
 * @param steps steps of each sequence that count, up to and including the one with the end code, {@code [B]}
 */
@SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
public record Generated(int[][][] codes, double[][] logProbs, int[] steps) {}
