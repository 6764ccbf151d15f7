package org.encore.model.kernels.simd;

import static org.encore.model.kernels.simd.Floats.LANES;
import static org.encore.model.kernels.simd.Floats.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * Products of few rows with {@link Panels}. Every element of a result is summed input by input, however many rows there are, so
 * that its bits do not depend on the rows beside it.
 */
final class RowProducts {
    /** Rows of the largest block; its sums stay in registers. */
    private static final int BLOCK = 8;

    private static final int SMALL_BLOCK = 4;

    private float[] x = new float[0];
    private float[] y = new float[0];
    private float[] weights;
    private int width;
    private int stride;

    /** Computes {@code x wᵀ}; the result is in {@link #result} until the next call. */
    void run(SimdTensor source, Panels w) {
        int rows = source.rows();
        width = w.columns();
        stride = w.paddedRows();
        weights = w.values();
        x = sized(x, rows * width);
        y = sized(y, rows * stride);
        for (int row = 0; row < rows; row++) {
            source.floats().read(row * source.stride(), x, row * width, width);
        }
        for (int column = 0; column < stride; column += LANES) {
            int row = 0;
            for (; row <= rows - BLOCK; row += BLOCK) {
                eight(row, column);
            }
            if (row <= rows - SMALL_BLOCK) {
                four(row, column);
                row += SMALL_BLOCK;
            }
            for (; row < rows; row++) {
                one(row, column);
            }
        }
    }

    /** The product, with {@link #stride} numbers from row to row. */
    float[] result() {
        return y;
    }

    int stride() {
        return stride;
    }

    private static float[] sized(float[] array, int size) {
        return array.length >= size ? array : new float[size];
    }

    private void eight(int row, int column) {
        float[] a = x;
        float[] w = weights;
        int in = width;
        int r = row * in;
        int p = column * in;
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        FloatVector s4 = s0;
        FloatVector s5 = s0;
        FloatVector s6 = s0;
        FloatVector s7 = s0;
        for (int i = 0; i < in; i++) {
            FloatVector v = FloatVector.fromArray(SPECIES, w, p + i * LANES);
            s0 = v.fma(FloatVector.broadcast(SPECIES, a[r + i]), s0);
            s1 = v.fma(FloatVector.broadcast(SPECIES, a[r + i + in]), s1);
            s2 = v.fma(FloatVector.broadcast(SPECIES, a[r + i + 2 * in]), s2);
            s3 = v.fma(FloatVector.broadcast(SPECIES, a[r + i + 3 * in]), s3);
            s4 = v.fma(FloatVector.broadcast(SPECIES, a[r + i + 4 * in]), s4);
            s5 = v.fma(FloatVector.broadcast(SPECIES, a[r + i + 5 * in]), s5);
            s6 = v.fma(FloatVector.broadcast(SPECIES, a[r + i + 6 * in]), s6);
            s7 = v.fma(FloatVector.broadcast(SPECIES, a[r + i + 7 * in]), s7);
        }
        int to = row * stride + column;
        store(to, s0, s1, s2, s3);
        store(to + 4 * stride, s4, s5, s6, s7);
    }

    private void four(int row, int column) {
        float[] a = x;
        float[] w = weights;
        int in = width;
        int r = row * in;
        int p = column * in;
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int i = 0; i < in; i++) {
            FloatVector v = FloatVector.fromArray(SPECIES, w, p + i * LANES);
            s0 = v.fma(FloatVector.broadcast(SPECIES, a[r + i]), s0);
            s1 = v.fma(FloatVector.broadcast(SPECIES, a[r + i + in]), s1);
            s2 = v.fma(FloatVector.broadcast(SPECIES, a[r + i + 2 * in]), s2);
            s3 = v.fma(FloatVector.broadcast(SPECIES, a[r + i + 3 * in]), s3);
        }
        store(row * stride + column, s0, s1, s2, s3);
    }

    private void one(int row, int column) {
        float[] a = x;
        float[] w = weights;
        int in = width;
        int r = row * in;
        int p = column * in;
        FloatVector s = FloatVector.zero(SPECIES);
        for (int i = 0; i < in; i++) {
            s = FloatVector.fromArray(SPECIES, w, p + i * LANES).fma(FloatVector.broadcast(SPECIES, a[r + i]), s);
        }
        s.intoArray(y, row * stride + column);
    }

    private void store(int to, FloatVector s0, FloatVector s1, FloatVector s2, FloatVector s3) {
        s0.intoArray(y, to);
        s1.intoArray(y, to + stride);
        s2.intoArray(y, to + 2 * stride);
        s3.intoArray(y, to + 3 * stride);
    }
}
