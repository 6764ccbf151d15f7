/**
 * Statistics of votes and ratings: strengths and opinion scores with intervals, agreement of raters, and the highest possible
 * accuracy of a predictor.
 *
 * <p>Read first: {@link org.encore.preferences.statistics.VoteReport}; the mathematics is in
 * {@link org.encore.statistics}.
 *
 * <p>Legend: an item is a clip or a system; a contest is a list of votes with numbered items; strengths
 * are log-odds in nats and sum to 0.
 *
 * <p>Invariants: skips and votes on a clip and itself are left out; no statistic but {@link
 * org.encore.preferences.statistics.PositionBias} changes if a and b are exchanged in a vote; the same votes and the same
 * seed give the same bits.
 *
 * <p>To rank by another model, write a class beside {@link org.encore.statistics.Davidson} and use it in {@code
 * VoteReport}.
 */
package org.encore.preferences.statistics;
