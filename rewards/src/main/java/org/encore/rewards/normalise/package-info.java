/**
 * Brings rewards to one scale before they are weighed.
 *
 * <p>Read first: {@link org.encore.rewards.normalise.Normaliser}, then
 * {@link org.encore.rewards.normalise.RunningMoments}.
 *
 * <p>Invariants: a normaliser is a setting without state and a rising function of the raw score; what has been seen so
 * far is a value that the caller keeps and stores in its checkpoints.
 *
 * <p>To change or add a normaliser: add a record, permit it in {@code Normaliser},
 * and give it a case in the test that walks them.
 */
package org.encore.rewards.normalise;
