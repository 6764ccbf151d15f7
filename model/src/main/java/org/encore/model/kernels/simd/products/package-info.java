/**
 * Matrix products by OpenBLAS, and attention, which is built of them.
 *
 * <p>Read first: {@link org.encore.model.kernels.simd.products.Products}, then {@link
 * org.encore.model.kernels.simd.products.CausalAttention}. Axes as in {@link org.encore.model.kernels}.
 *
 * <p>Invariants: only {@link org.encore.model.kernels.simd.products.Products} calls OpenBLAS, on the calling thread alone;
 * operands are sub-matrices in place, never copies.
 *
 * <p>To call another library, change {@link org.encore.model.kernels.simd.products.Products}.
 */
package org.encore.model.kernels.simd.products;
