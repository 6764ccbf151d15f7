/**
 * The rewards that a configuration can name, as values.
 *
 * <p>Read first: {@link org.encore.rewards.specs.MixtureSpec}, then {@link org.encore.rewards.specs.RewardSpec}.
 *
 * <p>Invariants: a spec that can be made can be built; what is wrong with it is said when it is made. Defaults stand
 * here and nowhere else.
 *
 * <p>To add a reward: add a record to {@code RewardSpec} with {@code defaults()} and {@code reward()}; its name in
 * hyphens is its kind in configurations.
 */
package org.encore.rewards.specs;
