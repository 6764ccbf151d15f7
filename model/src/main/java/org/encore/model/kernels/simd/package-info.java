/**
 * The SIMD kernels: 32 bits on the CPU, products by OpenBLAS on sub-matrices where they lie, everything between them by the
 * Vector API of Java 17.
 *
 * <p>Read first: {@link org.encore.model.kernels.simd.SimdKernels}, then {@link org.encore.model.kernels.simd.Floats}. Axes
 * as in {@link org.encore.model.kernels}; a {@code from} or {@code at} is an index from a tensor's first element.
 *
 * <p>Invariants: nothing outside of this package names a class of it, because it is compiled with, and loaded only beside, an
 * incubating module; one thread at a time uses an instance, and an instance starts no threads; nothing is allocated on the
 * heap in a step; only {@link org.encore.model.kernels.simd.Floats} reads and writes the memory of tensors, and only
 * {@link org.encore.model.kernels.simd.Products} calls OpenBLAS. Decoding ({@link org.encore.model.kernels.simd.SimdDecoding})
 * does without OpenBLAS: it keeps its weights and caches on the heap, in the order in which vectors read them.
 *
 * <p>To change an operation, change it here and run the kernels' tests: they compare each with plain loops.
 */
package org.encore.model.kernels.simd;
