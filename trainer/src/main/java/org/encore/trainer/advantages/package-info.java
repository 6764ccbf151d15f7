/**
 * Computes advantages from rewards, over tables with one row per sample.
 *
 * <p>Read first: {@link org.encore.trainer.advantages.ValidSteps}, then {@link
 * org.encore.trainer.advantages.AdvantageEstimator} and {@link
 * org.encore.trainer.advantages.AdvantageEstimator.ValueBaseline}, the estimator of the MusicRL paper.
 *
 * <p>Axes: B samples, T steps of the longest sample, M valid steps of all samples; {@code b} a sample, {@code t} a step. A step
 * is one decision of the policy: its log-probability is the sum over the K codebooks. {@code r} reward, {@code R} return,
 * {@code V} value, {@code A} advantage, all in units of reward; a group holds the samples of one prompt. Log-probabilities and
 * KL are in nats.
 *
 * <p>Invariants: every sample has at least one valid step; results are NaN after them, and no result depends on what an input
 * holds there; sums run in the order of samples and steps, so the same input gives the same bits. A sample ends with its last
 * valid step, whether it ended by itself or was cut: no value is used beyond it. Only
 * {@link org.encore.trainer.advantages.AdvantageScale} centres or scales advantages, unless the formula of an estimator says
 * so.
 *
 * <p>To change or add an estimator: add a record to {@code AdvantageEstimator} and give it {@code defaults()}; the test over
 * sealed types then demands its check. To change how validity is represented, change {@code ValidSteps} alone.
 */
package org.encore.trainer.advantages;
