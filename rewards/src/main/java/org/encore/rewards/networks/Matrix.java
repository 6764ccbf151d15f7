package org.encore.rewards.networks;

/** Numbers in rows, on the heap. Nobody copies the array: whoever makes one lets go of it. */
public final class Matrix {
    private final int rows;
    private final int columns;
    private final float[] values;

    /**
     * Wraps numbers.
     *
     * @param values row after row, {@code rows · columns} of them
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

    /** Zeros. */
    public static Matrix zeros(int rows, int columns) {
        return new Matrix(rows, columns, new float[Math.multiplyExact(rows, columns)]);
    }

    public int rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    /** The numbers themselves, row after row. */
    public float[] values() {
        return values;
    }

    /** One number. */
    public float at(int row, int column) {
        return values[row * columns + column];
    }
}
