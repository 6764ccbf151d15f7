package org.encore.benchmarks.kernels;

/**
 * One kernel of one kind.
 *
 * @param kernel name of the operation
 * @param kind name of the kernels' provider
 * @param microseconds mean time of a call on one thread
 * @param uncertainty half the width of the mean's 99.9 % confidence interval, in microseconds; NaN of a single iteration
 */
public record KernelTiming(String kernel, String kind, double microseconds, double uncertainty) {}
