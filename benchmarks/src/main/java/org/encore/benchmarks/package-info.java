/**
 * Measurements: Encore against LibTorch on the same work, and single kernels by themselves.
 *
 * <p>Read first: {@link org.encore.benchmarks.engines.Work}, what is measured; then
 * {@link org.encore.benchmarks.comparison.EngineComparison}, how.
 *
 * <p>Invariants: a value is measured by the call that reports it; both sides are checked to compute the same before they are
 * timed; nothing here prints.
 *
 * <p>To measure other work, add it to {@link org.encore.benchmarks.engines.Work}; to measure against something else,
 * implement {@link org.encore.benchmarks.engines.Engine}.
 */
package org.encore.benchmarks;
