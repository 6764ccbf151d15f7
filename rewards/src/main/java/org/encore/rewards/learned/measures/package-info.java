/**
 * Figures of a piece that a preference may weigh: pitch, rhythm, the upper line, what sounds together.
 *
 * <p>Read first: {@link org.encore.rewards.learned.measures.PieceMeasure}.
 *
 * <p>Invariants: every figure is finite for every piece, without notes as well; none depends on loudness or on how long the
 * piece goes on.
 *
 * <p>To add a figure, add a constant to {@code PieceMeasure}; models that were saved before do not know it and stay as they
 * are.
 */
package org.encore.rewards.learned.measures;
