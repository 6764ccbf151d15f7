package org.encore.model.kernels.simd.decoding;

import static org.encore.model.kernels.simd.memory.Floats.LANES;

import org.encore.model.kernels.DecodingKernels.PackedWeights;
import org.encore.model.kernels.DecodingKernels.Packing;
import org.encore.model.kernels.simd.memory.SimdTensor;

/**
 * A matrix {@code [out, in]} on the heap, as panels of neighbouring outputs: one vector holds one input's weights for them, so
 * that a product needs no horizontal sums and reads memory in one direction. The last panel is filled up with zeros.
 *
 * <p>Inputs of a product come in blocks of rows, {@code [in][rows of the block]}, one block after the other. Every element of a result is summed input by input for every size of block, so that its bits do not depend on the other rows.
 */
abstract class Panels extends PackedWeights {
    private final SimdTensor matrix;
    private final int paddedRows;

    /** {@code unit} is the number of outputs of a panel. */
    Panels(SimdTensor matrix, int unit) {
        super(matrix.rows(), matrix.columns());
        this.matrix = matrix;
        this.paddedRows = SlotCache.roundUp(matrix.rows(), unit);
    }

    static Panels of(SimdTensor matrix, Packing packing) {
        return switch (packing) {
            case FLOAT32 -> new FullPanels(matrix);
            case INT16 -> new HalfPanels(matrix);
        };
    }

    /** Outputs, with the padding of the last panel. */
    final int paddedRows() {
        return paddedRows;
    }

    /** Vectors of all outputs. */
    final int vectors() {
        return paddedRows / LANES;
    }

    /** Reads the weights of one output. */
    final void readRow(int out, float[] row) {
        matrix.floats().read(out * matrix.stride(), row, 0, columns());
    }

    /** Multiplies a block of 8 rows; the first result goes to {@code to}, rows {@link #paddedRows} apart. */
    abstract void eight(float[] x, int from, float[] y, int to);

    /** Multiplies a block of 4 rows. */
    abstract void four(float[] x, int from, float[] y, int to);

    /** Multiplies one row. */
    abstract void one(float[] x, int from, float[] y, int to);
}
