package org.encore.benchmarks.children;

/**
 * One timed run of a piece of work.
 *
 * @param seconds wall-clock time
 * @param heapBytes bytes that all threads allocated on the Java heap meanwhile
 */
public record Repetition(double seconds, long heapBytes) {}
