/**
 * Functions of single vectors for the loops of the SIMD kernels.
 *
 * <p>Read first: {@link org.encore.model.kernels.simd.vectors.Elementary}.
 *
 * <p>Invariant: every method is inlined wherever it is called (root {@code pom.xml}), and short enough for that.
 *
 * <p>To change a function, change it here; the tests of the kernels compare its users with plain loops.
 */
package org.encore.model.kernels.simd.vectors;
