/**
 * The rewards that a configuration can name, as values.
 *
 * <p>Read first: {@link org.encore.rewards.specs.MixtureSpec}, then {@link org.encore.rewards.specs.RewardSpec}.
 *
 * <p>Invariants: what is wrong with a spec is said when it is made, what is wrong with its files when the reward is
 * built. Defaults stand here and nowhere else.
 *
 * <p>To add a reward: add a record to {@code RewardSpec} with {@code defaults()} and {@code reward()}; its name in
 * hyphens is its kind in configurations. For one that lies in a directory, see
 * {@code org.encore.rewards.trained}.
 */
package org.encore.rewards.specs;
