package org.encore.model.kernels.simd;

import static org.encore.model.kernels.simd.Floats.LANES;

import org.encore.model.kernels.DecodingKernels.PackedWeights;

/**
 * A matrix {@code [out, in]} as panels {@code [ceil(out / LANES)][in][LANES]} on the heap: one vector holds one input's weights
 * for neighbouring outputs, so that a product needs no horizontal sums and reads memory in one direction. The last panel is
 * filled up with zeros.
 */
final class Panels extends PackedWeights {
    private final SimdTensor matrix;
    private final float[] values;
    private final float[] row;

    Panels(SimdTensor matrix) {
        super(matrix.rows(), matrix.columns());
        this.matrix = matrix;
        this.values = new float[Math.multiplyExact(paddedRows(), columns())];
        this.row = new float[columns()];
        refresh();
    }

    /** Outputs, with those that fill up the last panel. */
    int paddedRows() {
        return (rows() + LANES - 1) / LANES * LANES;
    }

    float[] values() {
        return values;
    }

    @Override
    public void refresh() {
        for (int out = 0; out < rows(); out++) {
            matrix.floats().read(out * matrix.stride(), row, 0, columns());
            int lane = out % LANES;
            int panel = (out - lane) * columns();
            for (int in = 0; in < columns(); in++) {
                values[panel + in * LANES + lane] = row[in];
            }
        }
    }
}
