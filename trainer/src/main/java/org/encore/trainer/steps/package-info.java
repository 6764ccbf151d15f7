/**
 * The ragged layout that all mathematics of the trainer shares: one row a sample, the valid steps first.
 *
 * <p>Read first: {@link org.encore.trainer.steps.ValidSteps}, then {@link org.encore.trainer.steps.StepRewards}.
 *
 * <p>Legend: B samples; S columns, the length of the longest sample; {@code b} a sample; {@code t} a step. A step is
 * what the policy decides at once: with K codebooks its log-probability is the sum over its codebooks.
 * Log-probabilities and divergences are in nats.
 *
 * <p>Invariants: every sample has at least one valid step; results hold NaN after them; no result depends on what an
 * argument holds there; sums run in the order of samples and steps, so that the same input gives the same bits.
 *
 * <p>To change how validity is represented, change {@code ValidSteps} alone: nobody else loops over lengths.
 */
package org.encore.trainer.steps;
