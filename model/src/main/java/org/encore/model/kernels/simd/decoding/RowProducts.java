package org.encore.model.kernels.simd.decoding;

import org.encore.model.kernels.simd.memory.SimdTensor;

/** Products of few rows with {@link Panels}, in blocks of as many rows as have their sums in registers. */
final class RowProducts {
    private static final int BLOCK = 8;
    private static final int SMALL_BLOCK = 4;

    private float[] row = new float[0];
    private float[] x = row;
    private float[] y = row;
    private int stride;

    /** Computes {@code x wᵀ}; the result is in {@link #result} until the next call. */
    void run(SimdTensor source, Panels w) {
        int rows = source.rows();
        int width = w.columns();
        stride = w.paddedRows();
        row = sized(row, width);
        x = sized(x, BLOCK * width);
        y = sized(y, rows * stride);
        int first = 0;
        for (; first <= rows - BLOCK; first += BLOCK) {
            interleave(source, first, BLOCK, width);
            w.eight(x, 0, y, first * stride);
        }
        if (first <= rows - SMALL_BLOCK) {
            interleave(source, first, SMALL_BLOCK, width);
            w.four(x, 0, y, first * stride);
            first += SMALL_BLOCK;
        }
        for (; first < rows; first++) {
            interleave(source, first, 1, width);
            w.one(x, 0, y, first * stride);
        }
    }

    /** Lays out a block of rows as {@code [width][count]}. */
    private void interleave(SimdTensor source, int first, int count, int width) {
        for (int k = 0; k < count; k++) {
            source.floats().read((first + k) * source.stride(), row, 0, width);
            for (int i = 0; i < width; i++) {
                x[i * count + k] = row[i];
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
}
