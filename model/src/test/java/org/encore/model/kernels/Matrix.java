package org.encore.model.kernels;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.random.RandomGenerator;

/** A row-major matrix for computing with plain loops. */
final class Matrix {
    final int rows;
    final int columns;
    final double[] values;

    private Matrix(int rows, int columns, double[] values) {
        this.rows = rows;
        this.columns = columns;
        this.values = values;
    }

    static Matrix zeros(int rows, int columns) {
        return new Matrix(rows, columns, new double[rows * columns]);
    }

    static Matrix filled(int rows, int columns, double value) {
        Matrix result = zeros(rows, columns);
        Arrays.fill(result.values, value);
        return result;
    }

    static Matrix of(int rows, int columns, double... values) {
        return new Matrix(rows, columns, values.clone());
    }

    /** Standard normal values that 32 bits can hold exactly. */
    static Matrix random(RandomGenerator random, int rows, int columns) {
        Matrix result = zeros(rows, columns);
        for (int i = 0; i < result.values.length; i++) {
            result.values[i] = (float) random.nextGaussian();
        }
        return result;
    }

    double at(int row, int column) {
        return values[row * columns + column];
    }

    void set(int row, int column, double value) {
        values[row * columns + column] = value;
    }

    Matrix copy() {
        return new Matrix(rows, columns, values.clone());
    }

    Matrix with(Matrix other, DoubleBinaryOperator operator) {
        Matrix result = zeros(rows, columns);
        for (int i = 0; i < values.length; i++) {
            result.values[i] = operator.applyAsDouble(values[i], other.values[i]);
        }
        return result;
    }

    Matrix plus(Matrix other) {
        return with(other, Double::sum);
    }

    Matrix times(double factor) {
        return with(this, (a, b) -> a * factor);
    }

    Matrix transposed() {
        Matrix result = zeros(columns, rows);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                result.set(j, i, at(i, j));
            }
        }
        return result;
    }
}
