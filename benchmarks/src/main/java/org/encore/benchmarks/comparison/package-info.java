/**
 * Times Encore and LibTorch in turn, each in a child process, and reports the results.
 *
 * <p>Read first: {@link org.encore.benchmarks.comparison.EngineComparison}, then
 * {@link org.encore.benchmarks.comparison.ComparisonReport}, which defines each value.
 *
 * <p>Invariants: the two sides never compute at the same time; nothing is timed before both are checked to compute the same;
 * the peer uses the number of threads that was faster in the same run. Times are in seconds, rates in
 * operations or codes a second, memory in bytes; a speed ratio above 1 means that Encore is faster.
 *
 * <p>To change a value, change {@link org.encore.benchmarks.comparison.ComparisonReport} and docs/performance.md.
 */
package org.encore.benchmarks.comparison;
