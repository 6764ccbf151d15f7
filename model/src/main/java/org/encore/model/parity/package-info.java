/**
 * Compares a checkpoint with results of another implementation on it.
 *
 * <p>Read first: {@link org.encore.model.parity.Parity}, then {@link org.encore.model.parity.GoldenParity}. Axes: B sequences, K codebooks, T steps, R = B·K rows,
 * sequence by sequence.
 *
 * <p>Invariants: a tensor that cannot be recomputed is reported as not covered, never as passed.
 *
 * <p>To cover another tensor, add its name to {@link org.encore.model.parity.GoldenParity} or, for audiocraft, to {@link org.encore.model.parity.AudiocraftParity}.
 */
package org.encore.model.parity;
