/**
 * Weighs several rewards into one score that still shows its parts.
 *
 * <p>Read first: {@link org.encore.rewards.mixture.Mixture}, then {@link org.encore.rewards.mixture.Mixture.Member} and
 * {@link org.encore.rewards.mixture.RewardScores}.
 *
 * <p>Legend: raw is what a reward returned; normalised is on the common scale, after clipping; weighted is what it
 * contributed to the total.
 *
 * <p>Invariants: the total of a sample is the sum of its weighted parts, and its explanation adds up to it. Scoring
 * changes nothing: what has been learned about scales comes back as a new {@code MixtureState}, so that evaluation
 * cannot disturb training and resuming needs that record alone.
 *
 * <p>To change how abstentions count, see {@code Mixture}; to add a schedule, add a record and permit it in
 * {@code WeightSchedule}.
 */
package org.encore.rewards.mixture;
