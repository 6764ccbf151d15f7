/**
 * The command {@code bench}: starts measurements and prints what they found.
 *
 * <p>Read first: {@link org.encore.app.benchmarks.BenchCommand}.
 *
 * <p>Invariants: what is measured, and how, is decided in {@code org.encore.benchmarks}; the launcher puts LibTorch and JMH on
 * the class path for this command alone, so nothing else may need them.
 *
 * <p>To change the table, change {@link org.encore.app.benchmarks.ComparisonTable}.
 */
package org.encore.app.benchmarks;
