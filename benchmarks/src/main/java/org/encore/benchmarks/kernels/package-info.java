/**
 * Single kernels by themselves, portable and SIMD, timed with JMH on one thread: what one shard does in a step.
 *
 * <p>Read first: {@link org.encore.benchmarks.kernels.KernelBench}.
 *
 * <p>Sizes are those of one of two shards in {@link org.encore.benchmarks.engines.Work#TRAIN}: 4 sequences of 512 steps, width
 * 256, 2048 codes.
 *
 * <p>Invariants: operands are finite and of ordinary size however often a kernel runs on them; JMH is on the class path of
 * {@code encore bench kernels} alone.
 *
 * <p>To time another kernel, add a method with {@code @Benchmark} beside the others.
 */
package org.encore.benchmarks.kernels;
