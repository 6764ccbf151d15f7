/**
 * Engines in processes of their own, so that memory can be measured for each and neither disturbs the other.
 *
 * <p>Read first: {@link org.encore.benchmarks.children.EngineProcess}, the parent's end, then
 * {@link org.encore.benchmarks.children.Child}, the other.
 *
 * <p>Invariants: parent and child speak one line of JSON at a time over a loopback connection, never over standard output,
 * which belongs to native libraries' remarks; a child whose connection ends, ends; a child computes only while the parent
 * waits for its answer.
 *
 * <p>To ask something new of a child, add it to {@link org.encore.benchmarks.children.Wire.WorkRequest}.
 */
package org.encore.benchmarks.children;
