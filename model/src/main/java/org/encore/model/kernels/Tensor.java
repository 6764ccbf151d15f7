package org.encore.model.kernels;

/**
 * A matrix: a shape and a place in memory that its {@link Kernels} owns. Views share the memory of their source.
 *
 * @see Kernels#allocate
 */
public abstract class Tensor {
    private final int rows;
    private final int columns;
    private final int stride;

    /**
     * Describes a matrix.
     *
     * @param rows number of rows, at least 1
     * @param columns number of columns, at least 1
     * @param stride elements from one row to the next, at least {@code columns}
     */
    protected Tensor(int rows, int columns, int stride) {
        if (rows < 1 || columns < 1 || stride < columns) {
            throw new IllegalArgumentException("a tensor needs rows, columns >= 1 and stride >= columns, but has "
                    + rows + ", " + columns + ", " + stride);
        }
        this.rows = rows;
        this.columns = columns;
        this.stride = stride;
    }

    public final int rows() {
        return rows;
    }

    public final int columns() {
        return columns;
    }

    /** Elements from one row to the next. */
    public final int stride() {
        return stride;
    }

    /** Number of elements. */
    public final long size() {
        return (long) rows * columns;
    }

    /** True if the rows follow each other without gaps. */
    public final boolean isContiguous() {
        return rows == 1 || stride == columns;
    }

    /**
     * A sub-matrix that shares memory.
     *
     * @param row first row
     * @param column first column
     * @param rowCount number of rows
     * @param columnCount number of columns
     */
    public abstract Tensor view(int row, int column, int rowCount, int columnCount);

    /** A contiguous tensor as another shape of the same size, sharing memory. */
    public abstract Tensor reshaped(int newRows, int newColumns);

    /** The rows {@code [row, row + count)}, sharing memory. */
    public final Tensor rowRange(int row, int count) {
        return view(row, 0, count, columns);
    }

    /** The columns {@code [column, column + count)}, sharing memory. */
    public final Tensor columnRange(int column, int count) {
        return view(0, column, rows, count);
    }

    /** The range {@code [offset, offset + rows * columns)} of a tensor with one row, as a matrix sharing memory. */
    public final Tensor slice(int offset, int sliceRows, int sliceColumns) {
        return view(0, offset, 1, sliceRows * sliceColumns).reshaped(sliceRows, sliceColumns);
    }

    /**
     * Fails unless the shape is as expected.
     *
     * @throws IllegalArgumentException naming the tensor, its shape and the expected one
     */
    public final void require(String name, int expectedRows, int expectedColumns) {
        if (rows != expectedRows || columns != expectedColumns) {
            throw new IllegalArgumentException(name + " is [" + rows + ", " + columns + "], but must be ["
                    + expectedRows + ", " + expectedColumns + "]");
        }
    }

    /**
     * Fails unless each id is the number of a row: native code would access memory outside of the tensor.
     *
     * @throws IllegalArgumentException naming the id and the number of rows
     */
    public final void requireRows(int[] ids) {
        for (int id : ids) {
            if (id < 0 || id >= rows) {
                throw new IllegalArgumentException("id " + id + " does not lie in [0, " + rows + ")");
            }
        }
    }

    /**
     * Fails unless each number is that of a row, or {@link Kernels#NO_ROW}.
     *
     * @throws IllegalArgumentException naming the number and the number of rows
     */
    public final void requireRowsOrNone(int[] numbers) {
        for (int number : numbers) {
            if (number < Kernels.NO_ROW || number >= rows) {
                throw new IllegalArgumentException("row " + number + " does not lie in [0, " + rows + ")");
            }
        }
    }

    /**
     * Fails unless each target is the number of a column, or below zero for none; one for each row.
     *
     * @throws IllegalArgumentException naming what is wrong
     */
    public final void requireTargets(int[] targets) {
        if (targets.length != rows) {
            throw new IllegalArgumentException(targets.length + " targets do not fit to " + rows + " rows");
        }
        for (int target : targets) {
            if (target >= columns) {
                throw new IllegalArgumentException("target " + target + " does not lie in [0, " + columns + ")");
            }
        }
    }

    @Override
    public final String toString() {
        return "Tensor[" + rows + ", " + columns + "]";
    }
}
