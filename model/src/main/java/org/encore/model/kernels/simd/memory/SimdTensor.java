package org.encore.model.kernels.simd.memory;

import org.encore.model.kernels.Tensor;

/** A tensor of 32-bit numbers at an address outside of the heap. */
public final class SimdTensor extends Tensor {
    private final long address;
    private Floats floats;

    /** A matrix whose first element is at an address. */
    public SimdTensor(long address, int rows, int columns, int stride) {
        super(rows, columns, stride);
        this.address = address;
    }

    /** The same object under its type; null stays null. */
    public static SimdTensor of(Tensor tensor) {
        return (SimdTensor) tensor;
    }

    /** Its numbers; row i begins at index {@code i * stride()}. */
    public Floats floats() {
        if (floats == null) {
            floats = new Floats(address, (long) (rows() - 1) * stride() + columns());
        }
        return floats;
    }

    /** The address of an element. */
    public long address(int row, int column) {
        return address + Float.BYTES * ((long) row * stride() + column);
    }

    @Override
    public SimdTensor view(int row, int column, int rowCount, int columnCount) {
        if (row < 0 || column < 0 || row + rowCount > rows() || column + columnCount > columns()) {
            throw new IllegalArgumentException("the view [" + row + "+" + rowCount + ", " + column + "+" + columnCount
                    + "] does not lie in " + this);
        }
        return new SimdTensor(address(row, column), rowCount, columnCount, rowCount == 1 ? columnCount : stride());
    }

    @Override
    public SimdTensor reshaped(int newRows, int newColumns) {
        if (!isContiguous()) {
            throw new IllegalArgumentException(this + " has gaps between its rows");
        }
        if ((long) newRows * newColumns != size()) {
            throw new IllegalArgumentException(this + " cannot be read as [" + newRows + ", " + newColumns + "]");
        }
        return new SimdTensor(address, newRows, newColumns, newColumns);
    }
}
