package org.encore.model.kernels.simd.products;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.blas_set_num_threads;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import org.bytedeco.javacpp.FloatPointer;
import org.encore.model.kernels.simd.memory.SimdTensor;

/**
 * Products of sub-matrices in place, by OpenBLAS, on the calling thread alone.
 *
 * <p>Place the operands, then {@link #run}. Not safe for use by several threads at once.
 */
public final class Products {
    /** The left factor. */
    public final Operand a = new Operand();
    /** The right factor. */
    public final Operand b = new Operand();
    /** The product. */
    public final Operand c = new Operand();

    /** Keeps OpenBLAS to one thread. */
    public Products() {
        blas_set_num_threads(1);
    }

    /** A matrix for the BLAS; reused, so that no call allocates a pointer. */
    static final class Operand extends FloatPointer {
        private int stride;
        private int transposition;

        /** A tensor from an element on. */
        void plain(SimdTensor tensor, int row, int column) {
            address = tensor.address(row, column);
            stride = tensor.stride();
            transposition = CblasNoTrans;
        }

        /** The transpose of a tensor from an element on. */
        void transposed(SimdTensor tensor, int row, int column) {
            plain(tensor, row, column);
            transposition = CblasTrans;
        }

        /** A tensor with another stride than its own. */
        void strided(SimdTensor tensor, int elements) {
            plain(tensor, 0, 0);
            stride = elements;
        }

        void transpose() {
            transposition = CblasTrans;
        }
    }

    /** {@code c = alpha a b + beta c}. Shapes: a {@code [rows, inner]}, b {@code [inner, columns]} */
    public void run(int rows, int columns, int inner, double alpha, double beta) {
        cblas_sgemm(
                CblasRowMajor,
                a.transposition,
                b.transposition,
                rows,
                columns,
                inner,
                (float) alpha,
                a,
                a.stride,
                b,
                b.stride,
                (float) beta,
                c,
                c.stride);
    }

    /** {@code y = x wᵀ + beta y}. */
    public void rightTransposed(SimdTensor x, SimdTensor w, SimdTensor y, double beta) {
        a.plain(x, 0, 0);
        b.transposed(w, 0, 0);
        c.plain(y, 0, 0);
        run(y.rows(), y.columns(), x.columns(), 1, beta);
    }

    /** {@code y = x w + beta y}. */
    public void plain(SimdTensor x, SimdTensor w, SimdTensor y, double beta) {
        a.plain(x, 0, 0);
        b.plain(w, 0, 0);
        c.plain(y, 0, 0);
        run(y.rows(), y.columns(), x.columns(), 1, beta);
    }

    /** {@code y = xᵀ w + beta y}. */
    public void leftTransposed(SimdTensor x, SimdTensor w, SimdTensor y, double beta) {
        a.transposed(x, 0, 0);
        b.plain(w, 0, 0);
        c.plain(y, 0, 0);
        run(y.rows(), y.columns(), x.rows(), 1, beta);
    }
}
