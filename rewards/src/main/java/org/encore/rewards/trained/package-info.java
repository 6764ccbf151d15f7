/**
 * What rewards that Encore trains on truth of its own have in common: how they lie on disk, how they are measured.
 *
 * <p>Read first: {@link org.encore.rewards.trained.RewardKind}, then {@link org.encore.rewards.trained.RewardDirectory}.
 *
 * <p>Invariants: a directory is written whole or not at all; a reward reads nothing but JSON and safetensors; what a card
 * says was measured on the weights that lie beside it, after they were rounded.
 *
 * <p>To add a kind: implement {@code RewardKind} in a record, and add one line to
 * {@code org.encore.rewards.specs.RewardKinds}.
 */
package org.encore.rewards.trained;
