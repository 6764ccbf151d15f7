package org.encore.model.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.encore.model.kernels.DecodingKernels.PackedWeights;
import org.encore.model.kernels.DecodingKernels.Packing;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Weights packed in int16: the error bound of {@link Packing#INT16}, which float32 kernels meet as well. */
class Int16PackingTest {
    private static final String CASES = "org.encore.model.kernels.KernelCase#all";

    /** Half a unit of 15 bits, and a little for the rounding of the rounding. */
    private static final double ERROR = 1.02 / 65536;

    private static final int[][] SIZES = {
        {1, 1, 1}, {1, 5, 16}, {2, 16, 17}, {3, 7, 31}, {4, 64, 33}, {5, 9, 47}, {8, 33, 64}, {12, 40, 65}, {17, 48, 15}
    };

    @ParameterizedTest
    @MethodSource(CASES)
    void anErrorIsBoundedByTheLargestOfItsRow(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            DecodingKernels kernels = bench.kernels().decoding();
            for (int[] size : SIZES) {
                Matrix x = bench.random(size[0], size[1]);
                Matrix w = bench.random(size[2], size[1]).times(1 / Math.sqrt(size[1]));
                Matrix before = bench.random(size[0], size[2]);
                PackedWeights packed = kernels.pack(bench.strided(w), Packing.INT16);
                Tensor y = bench.strided(before);
                Tensor sum = bench.strided(before);
                kernels.linear(bench.strided(x), packed, y);
                kernels.addLinear(bench.strided(x), packed, sum);
                Matrix product = NaiveKernels.linear(x, w);
                assertWithinError(product, bench.read(y), x, w, bench.tolerance());
                assertWithinError(before.plus(product), bench.read(sum), x, w, bench.tolerance());
            }
        }
    }

    private static void assertWithinError(Matrix expected, Matrix actual, Matrix x, Matrix w, double tolerance) {
        for (int row = 0; row < x.rows; row++) {
            double magnitude = 0;
            for (int i = 0; i < x.columns; i++) {
                magnitude += Math.abs(x.at(row, i));
            }
            for (int out = 0; out < w.rows; out++) {
                double bound = ERROR * magnitude * largest(w, out) + tolerance;
                assertEquals(expected.at(row, out), actual.at(row, out), bound, "row " + row + ", output " + out);
            }
        }
    }

    private static double largest(Matrix w, int row) {
        double largest = 0;
        for (int i = 0; i < w.columns; i++) {
            largest = Math.max(largest, Math.abs(w.at(row, i)));
        }
        return largest;
    }

    /** Two outputs that share 32-bit integers do not influence each other. */
    @ParameterizedTest
    @MethodSource(CASES)
    void everyOutputHasItsOwnScale(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            int outputs = 70;
            Matrix w = bench.random(outputs, 9);
            for (int out = 0; out < outputs; out++) {
                double size = Math.pow(10, out % 7 * 8 - 24);
                for (int i = 0; i < w.columns; i++) {
                    w.values[out * w.columns + i] *= out % 7 == 3 ? 0 : size;
                }
            }
            Matrix x = bench.random(9, 9);
            Tensor y = bench.zeros(9, outputs);
            DecodingKernels kernels = bench.kernels().decoding();
            kernels.linear(bench.tensor(x), kernels.pack(bench.tensor(w), Packing.INT16), y);
            Matrix actual = bench.read(y);
            Matrix expected = NaiveKernels.linear(x, w);
            for (int row = 0; row < x.rows; row++) {
                for (int out = 0; out < outputs; out++) {
                    double size = largest(w, out);
                    assertEquals(expected.at(row, out), actual.at(row, out), 2e-3 * size, "output " + out);
                    assertTrue(size > 0 || actual.at(row, out) == 0, "zeros give zero");
                }
            }
        }
    }

    /** Weights that are not finite give results that are not finite. */
    @ParameterizedTest
    @MethodSource(CASES)
    void whatIsNotFiniteShows(KernelCase kind) {
        for (double broken : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            try (Workbench bench = kind.open()) {
                Matrix w = Matrix.filled(40, 3, 0.5);
                w.values[3 * 20 + 1] = broken;
                Tensor y = bench.zeros(1, 40);
                DecodingKernels kernels = bench.kernels().decoding();
                PackedWeights packed = kernels.pack(bench.tensor(w), Packing.INT16);
                kernels.linear(bench.tensor(Matrix.filled(1, 3, 1.0)), packed, y);
                Matrix actual = bench.read(y);
                for (int out = 0; out < 40; out++) {
                    assertEquals(out != 20, Double.isFinite(actual.at(0, out)), broken + ": output " + out);
                    assertTrue(out == 20 || Math.abs(actual.at(0, out) - 1.5) < 1e-4, "output " + out);
                }
            }
        }
    }

    /** To the bit: earlier packed content has no influence. */
    @ParameterizedTest
    @MethodSource(CASES)
    void refreshedIsPackedAnew(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            DecodingKernels kernels = bench.kernels().decoding();
            Tensor w = bench.tensor(bench.random(37, 11));
            PackedWeights refreshed = kernels.pack(w, Packing.INT16);
            bench.kernels().write(w, bench.random(37, 11).values);
            refreshed.refresh();
            Tensor x = bench.tensor(bench.random(5, 11));
            Tensor expected = bench.zeros(5, 37);
            Tensor actual = bench.zeros(5, 37);
            kernels.linear(x, kernels.pack(w, Packing.INT16), expected);
            kernels.linear(x, refreshed, actual);
            assertArrayEquals(bench.read(expected).values, bench.read(actual).values, 0.0);
        }
    }
}
