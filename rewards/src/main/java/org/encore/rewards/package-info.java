/**
 * Rewards, the scores they give, and how scores explain themselves.
 *
 * <p>Read first: {@link org.encore.rewards.RewardModel}, then {@link org.encore.rewards.Score} and
 * {@link org.encore.rewards.Explanation}.
 *
 * <p>Legend: a sample is a prompt and the clip made for it; a score is in units of its reward, higher is better.
 *
 * <p>Invariants: a score is the value of its explanation, so that the two cannot differ; whoever consumes a reward goes
 * through {@link org.encore.rewards.CheckedReward}, which turns every breach of the contract into a
 * {@link org.encore.rewards.RewardFailure} that names the reward.
 *
 * <p>To add a reward of your own: implement {@code RewardModel}; nothing else is needed. To let a configuration name
 * it, offer it by a {@link org.encore.rewards.RewardProvider}, or register a
 * record in {@code org.encore.rewards.specs.RewardKinds}.
 */
package org.encore.rewards;
