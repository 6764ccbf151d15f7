/**
 * Memory of the SIMD kernels: tensors outside of Java's heap.
 *
 * <p>Read first: {@link org.encore.model.kernels.simd.memory.Floats}.
 *
 * <p>Invariant: only {@link org.encore.model.kernels.simd.memory.Floats} accesses the memory of tensors, and one vector fits after each tensor.
 *
 * <p>To change how Java accesses memory, for instance for a newer release, change {@link
 * org.encore.model.kernels.simd.memory.Floats}.
 */
package org.encore.model.kernels.simd.memory;
