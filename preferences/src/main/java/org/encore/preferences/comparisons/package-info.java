/**
 * Votes as comparisons of numbered clips, how probable they are, and how well scores foretell them.
 *
 * <p>Read first: {@link org.encore.preferences.comparisons.ComparisonSet}, then
 * {@link org.encore.preferences.comparisons.PairLikelihood}.
 *
 * <p>Legend: the margin of a pair is the score of clip a minus that of clip b, in nats; figures are over strict votes unless
 * they say otherwise.
 *
 * <p>Invariants: exchanging the clips of a pair mirrors its gradient and changes no figure.
 *
 * <p>To change what is minimised, change {@link org.encore.preferences.comparisons.PairLikelihood}; what is reported,
 * {@link org.encore.preferences.comparisons.PairMetrics}.
 */
package org.encore.preferences.comparisons;
