package org.encore.model.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RowMovesTest {
    private static final String CASES = "org.encore.model.kernels.KernelCase#all";
    private static final int NONE = Kernels.NO_ROW;

    /** Runs, repetitions, backward steps and rows that are none, at both ends too. */
    private static final int[][] NUMBERS = {
        {0}, {NONE}, {3, 4, 5, 6}, {2, 1, 0, 0, 1, 2, 3}, {NONE, 0, 1, NONE, NONE, 6, 6, NONE}, {6, 5, 4, 3, 3, 3, NONE}
    };

    @ParameterizedTest
    @MethodSource(CASES)
    void gatheredRows(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            for (int columns : new int[] {1, 3, 16, 37}) {
                for (int[] rows : NUMBERS) {
                    Matrix x = bench.random(7, columns);
                    Matrix expected = NaiveKernels.gatherRows(rows, x);
                    Tensor y = bench.tensor(bench.random(rows.length, columns));
                    bench.kernels().gatherRows(rows, bench.tensor(x), y);
                    bench.assertClose(expected, y, "gatherRows");
                    Tensor strided = bench.strided(bench.random(rows.length, columns));
                    bench.kernels().gatherRows(rows, bench.strided(x), strided);
                    bench.assertClose(expected, strided, "gatherRows with gaps");
                }
            }
        }
    }

    /** The transpose: row i of the sum takes what {@code gatherRows} would copy out of it. */
    @ParameterizedTest
    @MethodSource(CASES)
    void scatteredRowsAreAddedUp(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            for (int columns : new int[] {1, 3, 16, 37}) {
                for (int[] rows : NUMBERS) {
                    Matrix x = bench.random(rows.length, columns);
                    Matrix y = bench.random(7, columns);
                    Matrix expected = y.copy();
                    for (int i = 0; i < rows.length; i++) {
                        for (int j = 0; rows[i] != NONE && j < columns; j++) {
                            expected.set(rows[i], j, expected.at(rows[i], j) + x.at(i, j));
                        }
                    }
                    Tensor sum = bench.tensor(y);
                    bench.kernels().scatterRows(rows, bench.tensor(x), sum);
                    bench.assertClose(expected, sum, "scatterRows");
                    Tensor strided = bench.strided(y);
                    bench.kernels().scatterRows(rows, bench.strided(x), strided);
                    bench.assertClose(expected, strided, "scatterRows with gaps");
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource(CASES)
    void aNumberThatIsNoRowIsRefused(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            Tensor two = bench.zeros(2, 3);
            Tensor one = bench.zeros(1, 3);
            for (int wrong : new int[] {2, -2}) {
                IllegalArgumentException e = assertThrows(
                        IllegalArgumentException.class, () -> bench.kernels().gatherRows(new int[] {wrong}, two, one));
                assertEquals("row " + wrong + " does not lie in [0, 2)", e.getMessage());
                assertThrows(
                        IllegalArgumentException.class, () -> bench.kernels().scatterRows(new int[] {wrong}, one, two));
            }
        }
    }
}
