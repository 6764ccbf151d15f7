package org.encore.model.transformer;

import org.encore.model.kernels.Tensor;

/** A tensor without storage: for asking how much storage there would have to be. */
final class Outline extends Tensor {
    Outline(int rows, int columns) {
        super(rows, columns, columns);
    }

    @Override
    public Outline view(int row, int column, int rowCount, int columnCount) {
        return new Outline(rowCount, columnCount);
    }

    @Override
    public Outline reshaped(int newRows, int newColumns) {
        return new Outline(newRows, newColumns);
    }
}
