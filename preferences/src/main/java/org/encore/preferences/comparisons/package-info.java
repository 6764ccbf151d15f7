/**
 * Votes as comparisons of numbered clips, and how well scores predict them.
 *
 * <p>Read first: {@link org.encore.preferences.comparisons.ComparisonSet}, then
 * {@link org.encore.preferences.comparisons.PairMetrics}.
 *
 * <p>Legend: the margin of a pair is the score of clip a minus that of clip b, in nats; figures are over strict votes unless
 * they say otherwise.
 *
 * <p>Invariants: no figure changes if the clips of a pair are exchanged.
 *
 * <p>To change what is minimised, change {@link org.encore.statistics.BradleyTerry}; what is reported,
 * {@link org.encore.preferences.comparisons.PairMetrics}.
 */
package org.encore.preferences.comparisons;
