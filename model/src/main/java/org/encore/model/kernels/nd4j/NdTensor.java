package org.encore.model.kernels.nd4j;

import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.encore.model.kernels.Tensor;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A tensor in an ND4J buffer with cached views for the operations. */
final class NdTensor extends Tensor {
    private final DataBuffer buffer;
    private final long offset;
    private final INDArray matrix;
    private final Map<Long, INDArray> headViews = new HashMap<>();
    private INDArray vector;
    private FloatBuffer host;

    NdTensor(DataBuffer buffer, long offset, int rows, int columns, int stride) {
        super(rows, columns, stride);
        this.buffer = buffer;
        this.offset = offset;
        this.matrix = viewOf(new long[] {rows, columns}, new long[] {stride, 1});
    }

    /** The same object under its type; null stays null. */
    static NdTensor of(Tensor tensor) {
        return (NdTensor) tensor;
    }

    /** {@code [rows, columns]}. */
    INDArray matrix() {
        return matrix;
    }

    /** All elements of a contiguous tensor in one axis. */
    INDArray vector() {
        if (vector == null) {
            requireContiguous();
            vector = viewOf(new long[] {size()}, new long[] {1});
        }
        return vector;
    }

    /** The memory from the first element on; only for 32 bits on a backend in host memory. */
    FloatBuffer host() {
        if (host == null) {
            FloatBuffer all = ((FloatPointer) buffer.pointer()).asBuffer();
            int first = Math.toIntExact(buffer.offset() + offset);
            host = all.position(first).slice();
        }
        return host;
    }

    /** Rows as {@code [batch, heads, rows / batch, columns / heads]}, a strided view. */
    INDArray heads(int batch, int heads) {
        return headViews.computeIfAbsent((long) batch << 32 | heads, key -> {
            long steps = rows() / batch;
            long width = columns() / heads;
            return viewOf(new long[] {batch, heads, steps, width}, new long[] {steps * stride(), width, stride(), 1});
        });
    }

    /** A contiguous tensor as any shape. */
    INDArray shaped(long... shape) {
        requireContiguous();
        long[] strides = new long[shape.length];
        long step = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            strides[axis] = step;
            step *= shape[axis];
        }
        return viewOf(shape, strides);
    }

    @Override
    public NdTensor view(int row, int column, int rowCount, int columnCount) {
        if (row < 0 || column < 0 || row + rowCount > rows() || column + columnCount > columns()) {
            throw new IllegalArgumentException("the view [" + row + "+" + rowCount + ", " + column + "+" + columnCount
                    + "] does not lie in " + this);
        }
        return new NdTensor(
                buffer,
                offset + (long) row * stride() + column,
                rowCount,
                columnCount,
                rowStride(rowCount, columnCount));
    }

    private int rowStride(int rowCount, int columnCount) {
        return rowCount == 1 ? columnCount : stride();
    }

    @Override
    public NdTensor reshaped(int newRows, int newColumns) {
        requireContiguous();
        if ((long) newRows * newColumns != size()) {
            throw new IllegalArgumentException(this + " cannot be read as [" + newRows + ", " + newColumns + "]");
        }
        return new NdTensor(buffer, offset, newRows, newColumns, newColumns);
    }

    private void requireContiguous() {
        if (!isContiguous()) {
            throw new IllegalArgumentException(this + " has gaps between its rows");
        }
    }

    private INDArray viewOf(long[] shape, long[] strides) {
        return Nd4j.create(buffer, shape, strides, offset, 'c', buffer.dataType());
    }
}
