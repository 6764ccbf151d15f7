package org.encore.model.kernels.simd.decoding;

import static org.encore.model.kernels.simd.memory.Floats.LANES;
import static org.encore.model.kernels.simd.memory.Floats.SPECIES;
import static org.encore.model.kernels.simd.vectors.Halves.INTS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import org.encore.model.kernels.simd.memory.SimdTensor;
import org.encore.model.kernels.simd.vectors.Halves;

/**
 * Panels {@code [ceil(out / 2 LANES)][in][LANES]} of {@link Halves}: the lower half of lane j belongs to output j of the panel,
 * the upper half to output j + LANES. Each output has its own scale.
 */
final class HalfPanels extends Panels {
    private static final int PAIR = 2 * LANES;

    private final int[] values;
    private final float[] scales;
    private final float[] row;

    HalfPanels(SimdTensor matrix) {
        super(matrix, PAIR);
        this.values = new int[Math.multiplyExact(paddedRows() / 2, columns())];
        this.scales = new float[paddedRows()];
        this.row = new float[columns()];
        refresh();
    }

    @Override
    public void refresh() {
        for (int out = 0; out < rows(); out++) {
            readRow(out, row);
            float largest = Halves.largest(row, 0, columns());
            float inverse = Halves.inverse(largest);
            scales[out] = Halves.scale(largest);
            int place = out % PAIR;
            int at = (out - place) / 2 * columns() + place % LANES;
            for (int in = 0; in < columns(); in++) {
                float scaled = row[in] * inverse;
                // Outputs come in order: the lower half is written first and overwrites the old matrix.
                values[at] = place < LANES ? Halves.low(scaled) : Halves.high(scaled, values[at] & Halves.LOWER);
                at += LANES;
            }
        }
    }

    @Override
    void eight(float[] x, int from, float[] y, int to) {
        for (int column = 0; column < paddedRows(); column += PAIR) {
            eight(values, column / 2 * columns(), x, from, y, to + column);
            scale(column, y, to, 8);
        }
    }

    private void eight(int[] w, int panel, float[] x, int from, float[] y, int to) {
        FloatVector l0 = FloatVector.zero(SPECIES);
        FloatVector l1 = l0;
        FloatVector l2 = l0;
        FloatVector l3 = l0;
        FloatVector l4 = l0;
        FloatVector l5 = l0;
        FloatVector l6 = l0;
        FloatVector l7 = l0;
        FloatVector h0 = l0;
        FloatVector h1 = l0;
        FloatVector h2 = l0;
        FloatVector h3 = l0;
        FloatVector h4 = l0;
        FloatVector h5 = l0;
        FloatVector h6 = l0;
        FloatVector h7 = l0;
        int width = columns();
        for (int i = 0; i < width; i++) {
            IntVector both = IntVector.fromArray(INTS, w, panel + i * LANES);
            FloatVector low = Halves.lower(both);
            FloatVector high = Halves.upper(both);
            int at = from + i * 8;
            FloatVector f = FloatVector.broadcast(SPECIES, x[at]);
            l0 = low.fma(f, l0);
            h0 = high.fma(f, h0);
            f = FloatVector.broadcast(SPECIES, x[at + 1]);
            l1 = low.fma(f, l1);
            h1 = high.fma(f, h1);
            f = FloatVector.broadcast(SPECIES, x[at + 2]);
            l2 = low.fma(f, l2);
            h2 = high.fma(f, h2);
            f = FloatVector.broadcast(SPECIES, x[at + 3]);
            l3 = low.fma(f, l3);
            h3 = high.fma(f, h3);
            f = FloatVector.broadcast(SPECIES, x[at + 4]);
            l4 = low.fma(f, l4);
            h4 = high.fma(f, h4);
            f = FloatVector.broadcast(SPECIES, x[at + 5]);
            l5 = low.fma(f, l5);
            h5 = high.fma(f, h5);
            f = FloatVector.broadcast(SPECIES, x[at + 6]);
            l6 = low.fma(f, l6);
            h6 = high.fma(f, h6);
            f = FloatVector.broadcast(SPECIES, x[at + 7]);
            l7 = low.fma(f, l7);
            h7 = high.fma(f, h7);
        }
        int stride = paddedRows();
        l0.intoArray(y, to);
        l1.intoArray(y, to + stride);
        l2.intoArray(y, to + 2 * stride);
        l3.intoArray(y, to + 3 * stride);
        l4.intoArray(y, to + 4 * stride);
        l5.intoArray(y, to + 5 * stride);
        l6.intoArray(y, to + 6 * stride);
        l7.intoArray(y, to + 7 * stride);
        h0.intoArray(y, to + LANES);
        h1.intoArray(y, to + LANES + stride);
        h2.intoArray(y, to + LANES + 2 * stride);
        h3.intoArray(y, to + LANES + 3 * stride);
        h4.intoArray(y, to + LANES + 4 * stride);
        h5.intoArray(y, to + LANES + 5 * stride);
        h6.intoArray(y, to + LANES + 6 * stride);
        h7.intoArray(y, to + LANES + 7 * stride);
    }

    /** Multiplies a panel's sums by the scales of its outputs. */
    private void scale(int column, float[] y, int to, int rows) {
        FloatVector low = FloatVector.fromArray(SPECIES, scales, column);
        FloatVector high = FloatVector.fromArray(SPECIES, scales, column + LANES);
        for (int row = 0; row < rows; row++) {
            int at = to + column + row * paddedRows();
            FloatVector.fromArray(SPECIES, y, at).mul(low).intoArray(y, at);
            FloatVector.fromArray(SPECIES, y, at + LANES).mul(high).intoArray(y, at + LANES);
        }
    }

    @Override
    void four(float[] x, int from, float[] y, int to) {
        for (int column = 0; column < paddedRows(); column += PAIR) {
            four(values, column / 2 * columns(), x, from, y, to + column);
            scale(column, y, to, 4);
        }
    }

    private void four(int[] w, int panel, float[] x, int from, float[] y, int to) {
        FloatVector l0 = FloatVector.zero(SPECIES);
        FloatVector l1 = l0;
        FloatVector l2 = l0;
        FloatVector l3 = l0;
        FloatVector h0 = l0;
        FloatVector h1 = l0;
        FloatVector h2 = l0;
        FloatVector h3 = l0;
        int width = columns();
        for (int i = 0; i < width; i++) {
            IntVector both = IntVector.fromArray(INTS, w, panel + i * LANES);
            FloatVector low = Halves.lower(both);
            FloatVector high = Halves.upper(both);
            int at = from + i * 4;
            FloatVector f = FloatVector.broadcast(SPECIES, x[at]);
            l0 = low.fma(f, l0);
            h0 = high.fma(f, h0);
            f = FloatVector.broadcast(SPECIES, x[at + 1]);
            l1 = low.fma(f, l1);
            h1 = high.fma(f, h1);
            f = FloatVector.broadcast(SPECIES, x[at + 2]);
            l2 = low.fma(f, l2);
            h2 = high.fma(f, h2);
            f = FloatVector.broadcast(SPECIES, x[at + 3]);
            l3 = low.fma(f, l3);
            h3 = high.fma(f, h3);
        }
        int stride = paddedRows();
        l0.intoArray(y, to);
        l1.intoArray(y, to + stride);
        l2.intoArray(y, to + 2 * stride);
        l3.intoArray(y, to + 3 * stride);
        h0.intoArray(y, to + LANES);
        h1.intoArray(y, to + LANES + stride);
        h2.intoArray(y, to + LANES + 2 * stride);
        h3.intoArray(y, to + LANES + 3 * stride);
    }

    @Override
    void one(float[] x, int from, float[] y, int to) {
        for (int column = 0; column < paddedRows(); column += PAIR) {
            one(values, column / 2 * columns(), x, from, y, to + column);
            scale(column, y, to, 1);
        }
    }

    private void one(int[] w, int panel, float[] x, int from, float[] y, int to) {
        FloatVector l = FloatVector.zero(SPECIES);
        FloatVector h = l;
        int width = columns();
        for (int i = 0; i < width; i++) {
            IntVector both = IntVector.fromArray(INTS, w, panel + i * LANES);
            FloatVector f = FloatVector.broadcast(SPECIES, x[from + i]);
            l = Halves.lower(both).fma(f, l);
            h = Halves.upper(both).fma(f, h);
        }
        l.intoArray(y, to);
        h.intoArray(y, to + LANES);
    }
}
