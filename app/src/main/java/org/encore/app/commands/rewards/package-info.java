/**
 * Commands about learned rewards: training them, scoring files with them, measuring them.
 *
 * <p>Read first: {@link org.encore.app.commands.rewards.RewardTrainCommand.RewardsCommand}; what a kind of reward can do is said in
 * {@link org.encore.rewards.trained.RewardKind}.
 *
 * <p>Invariants: no command here knows a kind of reward; what differs between kinds lies behind
 * {@link org.encore.rewards.specs.RewardKinds}.
 *
 * <p>To add a command, write its class and name it in {@code RewardsCommand}.
 */
package org.encore.app.commands.rewards;
