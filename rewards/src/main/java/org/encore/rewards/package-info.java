/**
 * Rewards, their scores, and the explanations of scores.
 *
 * <p>Read first: {@link org.encore.rewards.RewardModel}, then {@link org.encore.rewards.Score} and
 * {@link org.encore.rewards.Explanation}.
 *
 * <p>Legend: a sample is a prompt and the clip generated for it; a score is in units of its reward, higher is better.
 *
 * <p>Invariants: a score is the value of its explanation, so that the two cannot differ; callers use {@link
 * org.encore.rewards.CheckedReward}, which turns every breach of the contract into a {@link
 * org.encore.rewards.RewardFailure} that names the reward.
 *
 * <p>To add a reward of your own: implement {@code RewardModel}. To make it available in configurations, provide a
 * {@link org.encore.rewards.RewardProvider}, or register a record in {@code org.encore.rewards.specs.RewardKinds}.
 */
package org.encore.rewards;
