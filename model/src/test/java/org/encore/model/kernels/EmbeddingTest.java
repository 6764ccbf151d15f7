package org.encore.model.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EmbeddingTest {
    private static final String CASES = "org.encore.model.kernels.KernelCase#all";

    @ParameterizedTest
    @MethodSource(CASES)
    void rowsOfTablesAreSummed(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            for (int tables = 1; tables <= 3; tables++) {
                for (int width : new int[] {1, 6, 17}) {
                    int[][] ids = {{0, 4, 4, 2, 0, 1, 4}, {3, 3, 3, 3, 3, 3, 3}, {6, 5, 4, 3, 2, 1, 0}};
                    List<Matrix> contents = new ArrayList<>();
                    List<Tensor> tensors = new ArrayList<>();
                    Matrix expected = Matrix.zeros(7, width);
                    for (int k = 0; k < tables; k++) {
                        contents.add(bench.random(7, width));
                        tensors.add(bench.tensor(contents.get(k)));
                        for (int i = 0; i < expected.values.length; i++) {
                            expected.values[i] += contents.get(k).at(ids[k][i / width], i % width);
                        }
                    }
                    Tensor y = bench.tensor(bench.random(7, width));
                    bench.kernels().embed(Arrays.copyOf(ids, tables), tensors, y);
                    bench.assertClose(expected, y, tables + " tables");
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource(CASES)
    void gradientsOfRepeatedIdsAddUp(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            for (int width : new int[] {1, 6, 17}) {
                int[] ids = {0, 4, 4, 2, 0, 4, 4};
                Matrix dy = bench.random(7, width);
                Matrix old = bench.random(5, width);
                Matrix expected = old.copy();
                for (int i = 0; i < dy.values.length; i++) {
                    expected.values[ids[i / width] * width + i % width] += dy.values[i];
                }
                Tensor dtable = bench.tensor(old);
                bench.kernels().embedGradient(ids, bench.tensor(dy), dtable);
                bench.assertClose(expected, dtable, "gradient");
            }
        }
    }

    /** Large enough for several threads: with a fixed order of summation the same bits come out each time. */
    @ParameterizedTest
    @MethodSource(CASES)
    void manyRepeatedIdsGiveTheSameBitsEachTime(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            int rows = 4000;
            int[] ids = new int[rows];
            for (int i = 0; i < rows; i++) {
                ids[i] = i * 7 % 3;
            }
            Matrix dy = bench.random(rows, 16);
            Matrix expected = Matrix.zeros(4, 16);
            for (int i = 0; i < dy.values.length; i++) {
                expected.values[ids[i / 16] * 16 + i % 16] += dy.values[i];
            }
            Tensor source = bench.tensor(dy);
            double[] first = null;
            for (int round = 0; round < 3; round++) {
                Tensor dtable = bench.zeros(4, 16);
                bench.kernels().embedGradient(ids, source, dtable);
                Workbench.assertClose(expected, bench.read(dtable), 20 * bench.tolerance(), "gradient");
                double[] values = bench.kernels().readDoubles(dtable);
                first = first == null ? values : first;
                assertArrayEquals(first, values, 0.0);
            }
        }
    }

    /** Native code would read beside the table, or end the process. */
    @ParameterizedTest
    @MethodSource(CASES)
    void idsBesideTheTableAreRefused(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            Tensor table = bench.zeros(3, 2);
            Tensor rows = bench.zeros(2, 2);
            for (int id : new int[] {3, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                int[] ids = {0, id};
                IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> bench.kernels()
                        .embed(new int[][] {ids}, List.of(table), rows));
                assertEquals("id " + id + " does not lie in [0, 3)", e.getMessage());
                assertThrows(
                        IllegalArgumentException.class, () -> bench.kernels().embedGradient(ids, rows, table));
            }
        }
    }
}
