/**
 * Where the SIMD kernels' numbers lie: tensors outside of Java's heap, as Java reaches them.
 *
 * <p>Read first: {@link org.encore.model.kernels.simd.memory.Floats}.
 *
 * <p>Invariant: only {@link org.encore.model.kernels.simd.memory.Floats} reads and writes the memory of tensors, and behind each
 * tensor there is room for one vector.
 *
 * <p>To change how Java reaches memory, for instance for a newer release, change {@link
 * org.encore.model.kernels.simd.memory.Floats}.
 */
package org.encore.model.kernels.simd.memory;
