package org.encore.model.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StorageTest {
    private static final int[][] SHAPES = {{1, 1}, {1, 7}, {5, 1}, {3, 4}, {7, 13}};
    private static final String CASES = "org.encore.model.kernels.KernelCase#all";

    @ParameterizedTest
    @MethodSource(CASES)
    void newTensorsAreZeroAndReadBackWhatWasWritten(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            for (int[] shape : SHAPES) {
                Matrix content = bench.random(shape[0], shape[1]);
                bench.assertClose(Matrix.zeros(shape[0], shape[1]), bench.zeros(shape[0], shape[1]), "zeros");
                bench.assertClose(content, bench.tensor(content), "contiguous");
                bench.assertClose(content, bench.strided(content), "strided");
            }
        }
    }

    @ParameterizedTest
    @MethodSource(CASES)
    void floatsAndDoublesAreTheSameNumbers(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            Tensor tensor = bench.strided(Matrix.zeros(2, 3));
            bench.kernels().write(tensor, new float[] {1, -2, 0.5f, 4, 1e-3f, -6});
            assertArrayEquals(
                    new double[] {1, -2, 0.5, 4, 1e-3f, -6}, bench.kernels().readDoubles(tensor), 0.0);
            assertArrayEquals(
                    new float[] {1, -2, 0.5f, 4, 1e-3f, -6}, bench.kernels().readFloats(tensor), 0.0f);
        }
    }

    @ParameterizedTest
    @MethodSource(CASES)
    void copyFillAndAddKeepToTheirTensor(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            for (int[] shape : SHAPES) {
                Matrix x = bench.random(shape[0], shape[1]);
                Matrix y = bench.random(shape[0], shape[1]);
                Tensor target = bench.strided(y);
                bench.kernels().add(bench.strided(x), target);
                bench.assertClose(x.plus(y), target, "strided sum");
                Tensor sum = bench.tensor(y);
                bench.kernels().add(bench.tensor(x), sum);
                bench.assertClose(x.plus(y), sum, "sum");
                bench.kernels().copy(bench.strided(x), target);
                bench.assertClose(x, target, "copy");
                bench.kernels().fill(target, -2.5);
                bench.assertClose(Matrix.filled(shape[0], shape[1], -2.5), target, "filled");
            }
        }
    }

    @ParameterizedTest
    @MethodSource(CASES)
    void allElementsAreScaled(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            for (int[] shape : SHAPES) {
                Matrix x = bench.random(shape[0], shape[1]);
                Tensor contiguous = bench.tensor(x);
                bench.kernels().scale(contiguous, -1.75);
                bench.assertClose(x.times(-1.75), contiguous, "scaled");
                Tensor strided = bench.strided(x);
                bench.kernels().scale(strided, -1.75);
                bench.assertClose(x.times(-1.75), strided, "scaled, strided");
            }
        }
    }

    @ParameterizedTest
    @MethodSource(CASES)
    void rowsAreScaledByTheirFactors(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            for (int[] shape : SHAPES) {
                Matrix x = bench.random(shape[0], shape[1]);
                Matrix factors = bench.random(shape[0], 1);
                Matrix expected = x.copy();
                for (int i = 0; i < x.values.length; i++) {
                    expected.values[i] *= factors.values[i / x.columns];
                }
                Tensor contiguous = bench.tensor(x);
                bench.kernels().scaleRows(contiguous, bench.tensor(factors));
                bench.assertClose(expected, contiguous, "scaled");
                Tensor strided = bench.strided(x);
                bench.kernels().scaleRows(strided, bench.tensor(factors));
                bench.assertClose(expected, strided, "scaled, strided");
            }
        }
    }

    /** Around the size of the chunks that partial sums are taken over, and far from it. */
    @ParameterizedTest
    @MethodSource(CASES)
    void squaresAreSummed(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            for (int size : new int[] {1, 2, 255, 256, 257, 511, 512, 513, 5000}) {
                Matrix x = bench.random(1, size);
                double expected = 0;
                for (double value : x.values) {
                    expected += value * value;
                }
                double actual = bench.kernels().sumOfSquares(bench.tensor(x));
                assertEquals(expected, actual, bench.tolerance() * size, "sum of " + size);
            }
            assertEquals(91.0, bench.kernels().sumOfSquares(bench.tensor(Matrix.of(2, 3, 1, 2, 3, 4, 5, 6))), 1e-6);
        }
    }

    @ParameterizedTest
    @MethodSource(CASES)
    void aSumOfSquaresTellsOfElementsThatAreNotFinite(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            for (int size : new int[] {3, 300}) {
                for (int place : new int[] {0, size - 1}) {
                    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
                        Matrix x = Matrix.filled(1, size, 1.0);
                        x.values[place] = bad;
                        double sum = bench.kernels().sumOfSquares(bench.tensor(x));
                        assertFalse(Double.isFinite(sum), bad + " at " + place + " of " + size);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource(CASES)
    void viewsShareStorage(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            Tensor whole = bench.tensor(Matrix.of(3, 4, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
            bench.assertClose(Matrix.of(3, 2, 1, 2, 5, 6, 9, 10), whole.columnRange(1, 2), "columns");
            bench.assertClose(Matrix.of(2, 4, 4, 5, 6, 7, 8, 9, 10, 11), whole.rowRange(1, 2), "rows");
            bench.assertClose(Matrix.of(1, 2, 6, 7), whole.view(1, 2, 1, 2), "part of a row");
            bench.assertClose(Matrix.of(2, 1, 6, 10), whole.view(1, 2, 2, 1), "part of a column");
            Tensor flat = whole.reshaped(1, 12);
            bench.assertClose(Matrix.of(2, 3, 5, 6, 7, 8, 9, 10), flat.slice(5, 2, 3), "slice");
            bench.kernels().fill(flat.slice(5, 2, 3).columnRange(0, 1), -1.0);
            bench.assertClose(Matrix.of(3, 4, 0, 1, 2, 3, 4, -1, 6, 7, -1, 9, 10, 11), whole, "after writing");
        }
    }

    @ParameterizedTest
    @MethodSource(CASES)
    void badShapesAreRefused(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            Tensor whole = bench.zeros(3, 4);
            assertThrows(IllegalArgumentException.class, () -> whole.view(0, 3, 1, 2));
            assertThrows(IllegalArgumentException.class, () -> whole.view(2, 0, 2, 1));
            assertThrows(IllegalArgumentException.class, () -> whole.view(-1, 0, 1, 1));
            assertThrows(IllegalArgumentException.class, () -> whole.reshaped(5, 2));
            assertThrows(IllegalArgumentException.class, () -> whole.columnRange(0, 2)
                    .reshaped(1, 6));
            assertThrows(IllegalArgumentException.class, () -> bench.kernels().write(whole, new float[11]));
            assertThrows(IllegalArgumentException.class, () -> bench.kernels().write(whole, new double[13]));
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> whole.require("weights", 4, 3));
            assertEquals("weights is [3, 4], but must be [4, 3]", e.getMessage());
        }
    }
}
