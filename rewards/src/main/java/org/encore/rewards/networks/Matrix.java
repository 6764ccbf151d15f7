package org.encore.rewards.networks;

/** A row-major matrix on the heap. The array is never copied: its creator must not change it afterwards. */
public final class Matrix {
    private final int rows;
    private final int columns;
    private final float[] values;

    /**
     * Wraps an array.
     *
     * @param values row-major, {@code rows · columns} of them
     */
    public Matrix(int rows, int columns, float[] values) {
        if (rows < 1 || columns < 1 || values.length != Math.multiplyExact(rows, columns)) {
            throw new IllegalArgumentException(
                    values.length + " values do not make " + rows + " rows of " + columns + ", each at least 1");
        }
        this.rows = rows;
        this.columns = columns;
        this.values = values;
    }

    /** A matrix of zeros. */
    public static Matrix zeros(int rows, int columns) {
        return new Matrix(rows, columns, new float[Math.multiplyExact(rows, columns)]);
    }

    public int rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    /** The array itself, row-major. */
    public float[] values() {
        return values;
    }

    /** One element. */
    public float at(int row, int column) {
        return values[row * columns + column];
    }
}
