package org.encore.model.transformer;

import java.util.List;
import org.encore.model.kernels.Dropout;
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
     * @param place number of its own in the model, for its dropout
     */
    record Adapter(Tensor a, Tensor b, int firstRow, int place) {}

    /**
     * The products of a model with such matrices: {@code y = x Wᵀ + s (drop(x) Aᵀ) Bᵀ}, each adapter with its own dropout, as in
     * PEFT. One thread at a time.
     */
    static final class Products {
        private final Kernels kernels;
        private final double scale;
        private Tensor scratch;
        private Tensor kept;
        private Dropout dropout = Dropout.none();

        /** {@code scale} is s, the factor of the adapters. */
        Products(Kernels kernels, double scale) {
            this.kernels = kernels;
            this.scale = scale;
        }

        /** Sets the dropout of a pass, forward or backward. */
        void begin(Dropout pattern) {
            dropout = pattern;
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

        /** {@code s drop(x) Aᵀ}, valid until the next call. */
        private Tensor reduced(Tensor x, Adapter adapter) {
            Tensor h = scratch(x.rows(), adapter.a().rows());
            kernels.linear(dropped(x, adapter), adapter.a(), h);
            kernels.scale(h, scale);
            return h;
        }

        /** {@code x} without what is dropped before an adapter, valid until the next call; itself without dropout. */
        private Tensor dropped(Tensor x, Adapter adapter) {
            if (dropout.isNone()) {
                return x;
            }
            Tensor copy = kept(x.rows(), x.columns());
            kernels.copy(x, copy);
            kernels.dropout(dropout.at(adapter.place()), copy);
            return copy;
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
                kernels.linearWeightGradient(
                        dh, dropped(x, adapter), dw.adapters().get(i).a());
                if (dx == null) {
                    continue;
                }
                if (dropout.isNone()) {
                    kernels.addLinearInputGradient(dh, adapter.a(), dx);
                } else {
                    Tensor own = kept(x.rows(), x.columns());
                    kernels.linearInputGradient(dh, adapter.a(), own);
                    kernels.dropout(dropout.at(adapter.place()), own);
                    kernels.add(own, dx);
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

        private Tensor scratch(int rows, int columns) {
            scratch = atLeast(scratch, rows, columns);
            return scratch.slice(0, rows, columns);
        }

        private Tensor kept(int rows, int columns) {
            kept = atLeast(kept, rows, columns);
            return kept.slice(0, rows, columns);
        }

        /** A vector that grows to the largest size that was asked for. */
        private Tensor atLeast(Tensor vector, int rows, int columns) {
            int size = Math.multiplyExact(rows, columns);
            return vector == null || vector.columns() < size ? kernels.allocate(1, size) : vector;
        }
    }
}
