package org.encore.model.transformer;

import java.util.List;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Tensor;

/**
 * A matrix of the decoder with its low-rank adapters, or the gradient of both.
 *
 * @param weight {@code [out, in]}; null in the gradient of adapters alone, because then the matrix is frozen
 * @param adapters adapters of the matrices that are stacked in {@code weight}; empty without LoRA
 */
record Linear(Tensor weight, List<Adapter> adapters) {
    /**
     * The adapter of one matrix.
     *
     * @param a {@code [r, in]}
     * @param b {@code [rows, r]}
     * @param firstRow the matrix's first row in the stack
     */
    record Adapter(Tensor a, Tensor b, int firstRow) {}

    /** The products of a model with such matrices: {@code y = x Wᵀ + s (x Aᵀ) Bᵀ}. One thread at a time. */
    static final class Products {
        private final Kernels kernels;
        private final double scale;
        private Tensor scratch;

        /** {@code scale} is s, the factor of the adapters. */
        Products(Kernels kernels, double scale) {
            this.kernels = kernels;
            this.scale = scale;
        }

        /** {@code y = x wᵀ}. */
        void forward(Tensor x, Linear w, Tensor y) {
            kernels.linear(x, w.weight(), y);
            addAdapters(x, w, y);
        }

        /** {@code y += x wᵀ}. */
        void addForward(Tensor x, Linear w, Tensor y) {
            kernels.addLinear(x, w.weight(), y);
            addAdapters(x, w, y);
        }

        private void addAdapters(Tensor x, Linear w, Tensor y) {
            for (Adapter adapter : w.adapters()) {
                kernels.addLinear(
                        reduced(x, adapter),
                        adapter.b(),
                        y.columnRange(adapter.firstRow(), adapter.b().rows()));
            }
        }

        /** {@code s x Aᵀ}, valid until the next call. */
        private Tensor reduced(Tensor x, Adapter adapter) {
            Tensor h = scratch(x.rows(), adapter.a().rows());
            kernels.linear(x, adapter.a(), h);
            kernels.scale(h, scale);
            return h;
        }

        /** Adds to the gradient {@code dw} of what is trained; {@code dx = dy w}. */
        void backward(Tensor dy, Tensor x, Linear w, Linear dw, Tensor dx) {
            weightGradient(dy, x, w, dw);
            kernels.linearInputGradient(dy, w.weight(), dx);
            adapterGradients(dy, x, w, dw, dx);
        }

        /** {@link #backward} of text, whose gradient is added to {@code dx}: with adapters what encodes it is frozen, and wants none. */
        void textBackward(Tensor dy, Tensor x, Linear w, Linear dw, Tensor dx) {
            weightGradient(dy, x, w, dw);
            if (dw.weight() == null) {
                adapterGradients(dy, x, w, dw, null);
            } else {
                kernels.addLinearInputGradient(dy, w.weight(), dx);
            }
        }

        private void weightGradient(Tensor dy, Tensor x, Linear w, Linear dw) {
            if (dw.weight() != null) {
                kernels.linearWeightGradient(dy, x, dw.weight());
            }
            for (int i = 0; i < w.adapters().size(); i++) {
                Adapter adapter = w.adapters().get(i);
                Tensor own = dy.columnRange(adapter.firstRow(), adapter.b().rows());
                kernels.linearWeightGradient(
                        own, reduced(x, adapter), dw.adapters().get(i).b());
            }
        }

        /** Adds to the gradient of A, and to {@code dx} unless that is null. */
        private void adapterGradients(Tensor dy, Tensor x, Linear w, Linear dw, Tensor dx) {
            for (int i = 0; i < w.adapters().size(); i++) {
                Adapter adapter = w.adapters().get(i);
                Tensor dh = scratch(dy.rows(), adapter.a().rows());
                kernels.linearInputGradient(
                        dy.columnRange(adapter.firstRow(), adapter.b().rows()), adapter.b(), dh);
                kernels.scale(dh, scale);
                kernels.linearWeightGradient(dh, x, dw.adapters().get(i).a());
                if (dx != null) {
                    kernels.addLinearInputGradient(dh, adapter.a(), dx);
                }
            }
        }

        /** {@code target += s B A} for each adapter; {@code target} is the matrix of {@code w} or a copy of it. */
        void addMerged(Linear w, Tensor target) {
            for (Adapter adapter : w.adapters()) {
                Tensor b = scratch(adapter.b().rows(), adapter.b().columns());
                kernels.copy(adapter.b(), b);
                kernels.scale(b, scale);
                kernels.addLinearInputGradient(
                        b,
                        adapter.a(),
                        target.rowRange(adapter.firstRow(), adapter.b().rows()));
            }
        }

        /** Grows to the largest size that was asked for. */
        private Tensor scratch(int rows, int columns) {
            int size = Math.multiplyExact(rows, columns);
            if (scratch == null || scratch.columns() < size) {
                scratch = kernels.allocate(1, size);
            }
            return scratch.slice(0, rows, columns);
        }
    }
}
