/**
 * Value networks: what predicts the return before each step.
 *
 * <p>Read first: {@link org.encore.trainer.value.ValueNetwork}, then {@link org.encore.trainer.value.ReaderNetwork}.
 *
 * <p>Axes: K codebooks, T steps of a piece, N rows of several pieces one after another, E and H widths.
 *
 * <p>Invariants: a value reads the codes before its step, the prompt and scores of complete beginnings, never the step's own codes, so that a baseline of values keeps the policy gradient unbiased; pieces of one pass do not influence each other.
 *
 * <p>To change what a reader sees, change {@link org.encore.trainer.value.Reading} and {@code ReaderRows}; {@code ReaderNetworkTest} compares its gradient with finite differences and checks that it is causal.
 */
package org.encore.trainer.value;
