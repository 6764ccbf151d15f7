/**
 * The kinds of rewards in configurations.
 *
 * <p>Read first: {@link org.encore.rewards.specs.MixtureSpec} and its {@code RewardEntry}, then
 * {@link org.encore.rewards.specs.RewardKinds}, which names every kind.
 *
 * <p>Invariants: the record of a kind holds the settings of that kind alone and builds the reward from them. The
 * constructor of the record checks the settings; building the reward checks its files.
 *
 * <p>To add a rule: a record in {@link org.encore.rewards.specs.RuleReward}; what it measures belongs into {@code
 * org.encore.music.analysis}. To add any other reward: a record that implements {@link
 * org.encore.rewards.mixture.RewardSpec}. Either takes one line in {@code RewardKinds}. For one that is trained and
 * stored in a directory, see {@code org.encore.rewards.trained}.
 */
package org.encore.rewards.specs;
