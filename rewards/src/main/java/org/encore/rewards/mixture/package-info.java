/**
 * Combines several rewards into one score that shows its parts.
 *
 * <p>Read first: {@link org.encore.rewards.mixture.Mixture}, then {@link org.encore.rewards.mixture.Mixture.Member} and
 * {@link org.encore.rewards.mixture.RewardScores}.
 *
 * <p>Legend: raw is the score that a reward returned; normalised is on the common scale, after clipping; weighted is
 * its part of the total.
 *
 * <p>Invariants: the total of a sample is the sum of its weighted parts, and its explanation adds up to it. Scoring
 * changes no state: the updated moments of running normalisers are returned as a new {@code MixtureState}, so that
 * evaluation cannot disturb training and resuming needs that record alone.
 *
 * <p>To change how abstentions count, see {@code Mixture}; to add a schedule, add a record and permit it in
 * {@code WeightSchedule}.
 */
package org.encore.rewards.mixture;
