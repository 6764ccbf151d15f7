/**
 * Intervals, correlations and areas under curves, for figures that come from a few dozen pieces or checkpoints.
 *
 * <p>Read first: {@link org.encore.statistics.Bootstrap}.
 *
 * <p>Invariants: what is not a number takes no part; the same seed gives the same interval.
 *
 * <p>To change how sure a figure is said to be, change {@link org.encore.statistics.Bootstrap}.
 */
package org.encore.statistics;
