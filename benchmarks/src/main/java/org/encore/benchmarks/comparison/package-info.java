/**
 * Encore and LibTorch in turn, and what is reported of it.
 *
 * <p>Read first: {@link org.encore.benchmarks.comparison.EngineComparison}, then
 * {@link org.encore.benchmarks.comparison.ComparisonReport}, which says what each figure means.
 *
 * <p>Invariants: the two sides never compute at the same time; nothing is timed before both have shown that they compute the
 * same; the peer runs with whichever number of threads was faster in this very run. Times are in seconds, rates in
 * operations or codes a second, memory in bytes; a speed ratio above 1 means that Encore is faster.
 *
 * <p>To change a figure, change {@link org.encore.benchmarks.comparison.ComparisonReport} and docs/performance.md.
 */
package org.encore.benchmarks.comparison;
