/**
 * Decoding with the SIMD kernels: products of few rows with packed weights, and attention over key/value caches.
 *
 * <p>Read first: {@link org.encore.model.kernels.simd.decoding.SimdDecoding}, then {@link
 * org.encore.model.kernels.simd.decoding.Panels} and {@link org.encore.model.kernels.simd.decoding.SlotCache}. Axes as in {@link
 * org.encore.model.kernels}; {@code LANES} is how many numbers a vector has.
 *
 * <p>Invariants: weights and caches lie on the heap, in the order in which vectors read them, in the number format of {@link org.encore.model.kernels.DecodingKernels.Packing}; a row's bits do not depend on the other rows; OpenBLAS is not called.
 *
 * <p>To change the number format, change or add a kind of {@link org.encore.model.kernels.simd.decoding.Panels} and of {@link
 * org.encore.model.kernels.simd.decoding.SlotCache}, and compare it with plain loops over odd sizes.
 */
package org.encore.model.kernels.simd.decoding;
