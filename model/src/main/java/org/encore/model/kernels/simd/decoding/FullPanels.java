package org.encore.model.kernels.simd.decoding;

import static org.encore.model.kernels.simd.memory.Floats.LANES;
import static org.encore.model.kernels.simd.memory.Floats.SPECIES;

import jdk.incubator.vector.FloatVector;
import org.encore.model.kernels.simd.memory.SimdTensor;

/** Panels {@code [ceil(out / LANES)][in][LANES]} in 32 bits. */
final class FullPanels extends Panels {
    private final float[] values;
    private final float[] row;

    FullPanels(SimdTensor matrix) {
        super(matrix, LANES);
        this.values = new float[Math.multiplyExact(paddedRows(), columns())];
        this.row = new float[columns()];
        refresh();
    }

    @Override
    public void refresh() {
        for (int out = 0; out < rows(); out++) {
            readRow(out, row);
            int lane = out % LANES;
            int panel = (out - lane) * columns();
            for (int in = 0; in < columns(); in++) {
                values[panel + in * LANES + lane] = row[in];
            }
        }
    }

    @Override
    void eight(float[] x, int from, float[] y, int to) {
        for (int column = 0; column < paddedRows(); column += LANES) {
            eight(values, column * columns(), x, from, y, to + column);
        }
    }

    private void eight(float[] w, int panel, float[] x, int from, float[] y, int to) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        FloatVector s4 = s0;
        FloatVector s5 = s0;
        FloatVector s6 = s0;
        FloatVector s7 = s0;
        int width = columns();
        for (int i = 0; i < width; i++) {
            FloatVector v = FloatVector.fromArray(SPECIES, w, panel + i * LANES);
            int at = from + i * 8;
            s0 = v.fma(FloatVector.broadcast(SPECIES, x[at]), s0);
            s1 = v.fma(FloatVector.broadcast(SPECIES, x[at + 1]), s1);
            s2 = v.fma(FloatVector.broadcast(SPECIES, x[at + 2]), s2);
            s3 = v.fma(FloatVector.broadcast(SPECIES, x[at + 3]), s3);
            s4 = v.fma(FloatVector.broadcast(SPECIES, x[at + 4]), s4);
            s5 = v.fma(FloatVector.broadcast(SPECIES, x[at + 5]), s5);
            s6 = v.fma(FloatVector.broadcast(SPECIES, x[at + 6]), s6);
            s7 = v.fma(FloatVector.broadcast(SPECIES, x[at + 7]), s7);
        }
        int stride = paddedRows();
        s0.intoArray(y, to);
        s1.intoArray(y, to + stride);
        s2.intoArray(y, to + 2 * stride);
        s3.intoArray(y, to + 3 * stride);
        s4.intoArray(y, to + 4 * stride);
        s5.intoArray(y, to + 5 * stride);
        s6.intoArray(y, to + 6 * stride);
        s7.intoArray(y, to + 7 * stride);
    }

    @Override
    void four(float[] x, int from, float[] y, int to) {
        for (int column = 0; column < paddedRows(); column += LANES) {
            four(values, column * columns(), x, from, y, to + column);
        }
    }

    private void four(float[] w, int panel, float[] x, int from, float[] y, int to) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int width = columns();
        for (int i = 0; i < width; i++) {
            FloatVector v = FloatVector.fromArray(SPECIES, w, panel + i * LANES);
            int at = from + i * 4;
            s0 = v.fma(FloatVector.broadcast(SPECIES, x[at]), s0);
            s1 = v.fma(FloatVector.broadcast(SPECIES, x[at + 1]), s1);
            s2 = v.fma(FloatVector.broadcast(SPECIES, x[at + 2]), s2);
            s3 = v.fma(FloatVector.broadcast(SPECIES, x[at + 3]), s3);
        }
        int stride = paddedRows();
        s0.intoArray(y, to);
        s1.intoArray(y, to + stride);
        s2.intoArray(y, to + 2 * stride);
        s3.intoArray(y, to + 3 * stride);
    }

    @Override
    void one(float[] x, int from, float[] y, int to) {
        for (int column = 0; column < paddedRows(); column += LANES) {
            one(values, column * columns(), x, from, y, to + column);
        }
    }

    private void one(float[] w, int panel, float[] x, int from, float[] y, int to) {
        FloatVector s = FloatVector.zero(SPECIES);
        int width = columns();
        for (int i = 0; i < width; i++) {
            FloatVector v = FloatVector.fromArray(SPECIES, w, panel + i * LANES);
            s = v.fma(FloatVector.broadcast(SPECIES, x[from + i]), s);
        }
        s.intoArray(y, to);
    }
}
