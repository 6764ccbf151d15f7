/**
 * Common parts of the rewards that {@code rewards train} trains: kinds, directories on disk, measurement.
 *
 * <p>Read first: {@link org.encore.rewards.trained.RewardKind}, then {@link
 * org.encore.rewards.trained.RewardDirectory}.
 *
 * <p>Invariants: a directory is written whole or not at all; a reward reads nothing but JSON and safetensors; the
 * metrics of a card are those of the rounded weights beside it.
 *
 * <p>To add a kind: implement {@code RewardKind} in a record, and add one line to
 * {@code org.encore.rewards.specs.RewardKinds}.
 */
package org.encore.rewards.trained;
