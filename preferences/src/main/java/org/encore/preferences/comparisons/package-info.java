/**
 * Votes as files and as comparisons of numbered clips, and how well scores predict them.
 *
 * <p>Read first: {@link org.encore.preferences.comparisons.ComparisonSet}, then
 * {@link org.encore.preferences.comparisons.PairMetrics}.
 *
 * <p>Legend: the margin of a pair is the score of clip a minus that of clip b, in nats; metrics are over strict votes
 * unless stated otherwise.
 *
 * <p>Invariants: no metric changes if the clips of a pair are exchanged; a bad line is reported with file and line
 * number.
 *
 * <p>To change the loss, change {@link org.encore.statistics.BradleyTerry}; the metrics, {@link
 * org.encore.preferences.comparisons.PairMetrics}; to read another form of votes, add it to {@code VoteForm}.
 */
package org.encore.preferences.comparisons;
