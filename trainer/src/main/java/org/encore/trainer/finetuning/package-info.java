/**
 * Fine-tuning by reinforcement learning: the loop, its phases and its state.
 *
 * <p>Read first: {@link org.encore.trainer.finetuning.FineTuning}, whose loop is the table of contents; then {@link
 * org.encore.trainer.finetuning.PolicyImprover}. The mathematics of each phase is in the packages credit, leash and
 * objective.
 *
 * <p>Axes: B samples, T steps of a sample, K codebooks, V codes, G samples of one prompt. A step is one column of the delay
 * pattern: with one codebook, one code. Log-probabilities and divergences are in nats.
 *
 * <p>Invariants: everything random is a function of the seed and the step; the reference never changes; evaluation reads
 * and never writes what training uses; a checkpoint holds all that the next step depends on.
 *
 * <p>To change how credit is given, or where the divergence is charged, add a variant to the sealed types of those packages;
 * to change what is rewarded, implement {@link org.encore.rewards.RewardModel}.
 */
package org.encore.trainer.finetuning;
