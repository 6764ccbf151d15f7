/**
 * Rewards that follow from rules of music: cheap, explained, and easily satisfied by dull music.
 *
 * <p>Read first: {@link org.encore.rewards.rules.RuleAdherence}.
 *
 * <p>Invariants: every score lies in [0, 1]; all but {@link org.encore.rewards.rules.Length} read notes and abstain
 * from clips that are sound alone. All of them are records without state, hence thread-safe.
 *
 * <p>The analysers behind them are also the referee that tells whether a learned reward is right. A run that trains on
 * rules has no referee left: use them to try the machinery, and learned rewards to make music.
 *
 * <p>To add a rule: implement {@link org.encore.rewards.SampleReward} in a record, and add a record of settings to
 * {@code org.encore.rewards.specs.RewardSpec}. What it measures belongs into {@code org.encore.music.analysis}.
 */
package org.encore.rewards.rules;
