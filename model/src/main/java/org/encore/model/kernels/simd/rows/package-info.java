/**
 * Loops over the rows of tensors: element by element, normalisation, non-linearities, softmax, logits, dropout, the optimiser.
 *
 * <p>Read first: {@link org.encore.model.kernels.simd.rows.Pointwise}. A {@code from} or {@code at} is an index from a tensor's
 * first element, a {@code count} a number of elements.
 *
 * <p>Invariants: a row is read and written while it is in the first-level cache; elements after a row are never written.
 *
 * <p>To change an operation, change its class; name a new class in the root {@code pom.xml}, so that its loops are
 * compiled one by one.
 */
package org.encore.model.kernels.simd.rows;
