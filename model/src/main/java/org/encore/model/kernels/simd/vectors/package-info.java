/**
 * Functions of single vectors, from which the loops of the SIMD kernels are made.
 *
 * <p>Read first: {@link org.encore.model.kernels.simd.vectors.Elementary}.
 *
 * <p>Invariant: every method is inlined wherever it is called (root {@code pom.xml}), and short enough for that.
 *
 * <p>To change a function, change it here; the tests of the kernels compare what is made of it with plain loops.
 */
package org.encore.model.kernels.simd.vectors;
