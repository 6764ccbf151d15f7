package org.encore.model.kernels;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LstmTest {
    private static final String CASES = "org.encore.model.kernels.KernelCase#all";

    /** Rows, width. */
    private static final int[][] SHAPES = {{1, 1}, {1, 16}, {3, 5}, {2, 33}};

    @ParameterizedTest
    @MethodSource(CASES)
    void cellAndHiddenState(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            for (int[] shape : SHAPES) {
                Matrix gates = bench.random(shape[0], 4 * shape[1]).times(2.0);
                gates.values[0] = 40.0;
                gates.values[1] = -40.0;
                gates.values[2] = 200.0;
                gates.values[3] = -200.0;
                Matrix before = bench.random(shape[0], shape[1]);
                Matrix expected = NaiveKernels.lstmCell(gates, before);
                Tensor cell = bench.strided(before);
                Tensor hidden = bench.strided(before);
                bench.kernels().lstmCell(bench.strided(gates), bench.strided(before), cell, hidden);
                bench.assertClose(part(expected, 0), cell, "cell");
                bench.assertClose(part(expected, shape[1]), hidden, "hidden");
                Tensor inPlace = bench.tensor(before);
                bench.kernels().lstmCell(bench.tensor(gates), inPlace, inPlace, hidden);
                bench.assertClose(part(expected, 0), inPlace, "cell in place");
            }
        }
    }

    @ParameterizedTest
    @MethodSource(CASES)
    void gradientsOfGatesAndOfTheCellBefore(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            for (int[] shape : SHAPES) {
                Matrix gates = bench.random(shape[0], 4 * shape[1]);
                Matrix before = bench.random(shape[0], shape[1]);
                Matrix dy = bench.random(shape[0], 2 * shape[1]);
                Tensor values = bench.strided(gates);
                Tensor old = bench.strided(before);
                Tensor cell = bench.strided(before);
                Tensor hidden = bench.strided(before);
                bench.kernels().lstmCell(values, old, cell, hidden);
                Tensor dcell = bench.strided(part(dy, 0));
                bench.kernels().lstmCellGradient(values, old, cell, bench.strided(part(dy, shape[1])), dcell);
                double tolerance = Math.max(bench.tolerance(), 1e-9);
                Matrix byGates = NaiveKernels.gradient(gates, () -> NaiveKernels.lstmCell(gates, before), dy);
                Workbench.assertClose(byGates, bench.read(values), tolerance, "gates");
                Matrix byCell = NaiveKernels.gradient(before, () -> NaiveKernels.lstmCell(gates, before), dy);
                Workbench.assertClose(byCell, bench.read(dcell), tolerance, "cell before");
            }
        }
    }

    /** Half of the columns. */
    private static Matrix part(Matrix both, int first) {
        Matrix half = Matrix.zeros(both.rows, both.columns / 2);
        for (int i = 0; i < half.rows; i++) {
            for (int j = 0; j < half.columns; j++) {
                half.set(i, j, both.at(i, first + j));
            }
        }
        return half;
    }
}
