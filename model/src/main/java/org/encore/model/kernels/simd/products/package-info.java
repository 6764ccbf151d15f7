/**
 * What OpenBLAS computes for the SIMD kernels: products of matrices, and attention, which is made of them.
 *
 * <p>Read first: {@link org.encore.model.kernels.simd.products.Products}, then {@link
 * org.encore.model.kernels.simd.products.CausalAttention}. Axes as in {@link org.encore.model.kernels}.
 *
 * <p>Invariants: only {@link org.encore.model.kernels.simd.products.Products} calls OpenBLAS, on the calling thread alone;
 * operands are sub-matrices where they lie, never copies.
 *
 * <p>To call another library, change {@link org.encore.model.kernels.simd.products.Products}.
 */
package org.encore.model.kernels.simd.products;
