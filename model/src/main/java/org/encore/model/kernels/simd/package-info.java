/**
 * The SIMD kernels: 32 bits on the CPU, products by OpenBLAS on sub-matrices in place, all other operations by the Vector API of Java 17.
 *
 * <p>Read first: {@link org.encore.model.kernels.simd.SimdKernels}, then {@link org.encore.model.kernels.simd.memory}. Axes as in
 * {@link org.encore.model.kernels}; a {@code from} or {@code at} is an index from a tensor's first element. Below it: {@link org.encore.model.kernels.simd.memory} tensors, {@link org.encore.model.kernels.simd.vectors} functions of vectors, {@link org.encore.model.kernels.simd.rows} loops over rows, {@link org.encore.model.kernels.simd.products} matrix products and attention, {@link org.encore.model.kernels.simd.decoding} decoding.
 *
 * <p>Invariants: nothing outside of these packages names a class of them, because they are compiled with, and loaded only beside,
 * an incubating module; one thread at a time uses an instance, and an instance starts no threads; nothing is allocated on the
 * heap in a step. Java 17 makes an object of every vector that crosses a call, so loops call nothing that is not inlined: the
 * root {@code pom.xml} lists which classes' methods are always inlined and which never.
 *
 * <p>To change an operation, change it here and run the kernels' tests: they compare each with plain loops.
 */
package org.encore.model.kernels.simd;
