package org.encore.model.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.encore.model.kernels.DecodingKernels.CacheShape;
import org.encore.model.kernels.DecodingKernels.KeyValueCache;
import org.encore.model.kernels.DecodingKernels.PackedWeights;
import org.encore.model.kernels.DecodingKernels.Packing;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.kernels.Kernels.AttentionShape;
import org.encore.model.kernels.Kernels.LayerNormWeights;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DecodingTest {
    private static final String CASES = "org.encore.model.kernels.KernelCase#all";

    /** Rows, width in and width out of products: around the sizes of vectors and of blocks of rows. */
    private static final int[][] SIZES = {
        {1, 1, 1}, {1, 5, 16}, {2, 16, 17}, {3, 7, 33}, {4, 64, 48}, {5, 9, 31}, {8, 33, 32}, {9, 20, 64}, {17, 48, 15}
    };

    /** Of attention: 2^-16 of the largest number of a key and of a value, each up to 4, and of a score up to as much again. */
    private static final double HALF_WIDTH_ERROR = 3e-4;

    @ParameterizedTest
    @MethodSource(CASES)
    void productsWithPackedWeights(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            DecodingKernels kernels = bench.kernels().decoding();
            for (int[] size : SIZES) {
                Matrix x = bench.random(size[0], size[1]);
                Matrix w = bench.random(size[2], size[1]).times(1 / Math.sqrt(size[1]));
                Matrix before = bench.random(size[0], size[2]);
                Matrix product = NaiveKernels.linear(x, w);
                PackedWeights packed = kernels.pack(bench.strided(w), Packing.FLOAT32);
                assertEquals(size[2], packed.rows());
                assertEquals(size[1], packed.columns());
                Tensor y = bench.strided(before);
                kernels.linear(bench.strided(x), packed, y);
                bench.assertClose(product, y, "linear");
                Tensor sum = bench.strided(before);
                kernels.addLinear(bench.strided(x), packed, sum);
                bench.assertClose(before.plus(product), sum, "addLinear");
                for (Activation kindOfActivation : Activation.values()) {
                    Tensor activated = bench.strided(before);
                    kernels.activatedLinear(kindOfActivation, bench.strided(x), packed, activated);
                    Matrix expected = NaiveKernels.activation(kindOfActivation, product);
                    bench.assertClose(expected, activated, "activatedLinear " + kindOfActivation);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource(CASES)
    void layerNormWithoutGradient(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            for (int width : new int[] {1, 3, 16, 37, 64}) {
                Matrix x = bench.random(3, width).times(2).plus(Matrix.filled(3, width, 5));
                Matrix gain = bench.random(1, width);
                Matrix bias = bench.random(1, width);
                Tensor y = bench.strided(x);
                bench.kernels()
                        .decoding()
                        .layerNorm(
                                bench.strided(x),
                                new LayerNormWeights(bench.tensor(gain), bench.tensor(bias)),
                                1e-5,
                                y);
                bench.assertClose(NaiveKernels.layerNorm(x, gain, bias, 1e-5), y, "width " + width);
            }
        }
    }

    @ParameterizedTest
    @MethodSource(CASES)
    void packedWeightsFollowTheMatrixWhenRefreshed(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            DecodingKernels kernels = bench.kernels().decoding();
            Matrix x = bench.random(2, 5);
            Matrix changed = bench.random(3, 5);
            Tensor w = bench.tensor(bench.random(3, 5));
            PackedWeights packed = kernels.pack(w, Packing.FLOAT32);
            bench.kernels().write(w, changed.values);
            packed.refresh();
            Tensor y = bench.zeros(2, 3);
            kernels.linear(bench.tensor(x), packed, y);
            bench.assertClose(NaiveKernels.linear(x, changed), y, "refreshed");
        }
    }

    /** For kernels with independent rows: a row has the same bits alone and in any batch. */
    @ParameterizedTest
    @MethodSource(CASES)
    void rowsThatAreIndependentAreSoToTheBit(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            DecodingKernels kernels = bench.kernels().decoding();
            double tolerance = kernels.rowsAreIndependent() ? 0.0 : bench.tolerance();
            Matrix x = bench.random(19, 40);
            Tensor matrix = bench.tensor(bench.random(37, 40));
            for (Packing packing : Packing.values()) {
                PackedWeights w = kernels.pack(matrix, packing);
                Tensor all = bench.zeros(19, 37);
                kernels.linear(bench.tensor(x), w, all);
                for (int rows : new int[] {1, 2, 3, 5, 8, 11, 13}) {
                    Tensor some = bench.zeros(rows, 37);
                    kernels.linear(bench.tensor(x).rowRange(19 - rows, rows), w, some);
                    Matrix same = bench.read(all.rowRange(19 - rows, rows));
                    Workbench.assertClose(same, bench.read(some), tolerance, rows + " rows, " + packing);
                }
            }
        }
    }

    /**
     * A batch of sequences of different lengths, one of which begins later and one of which stops: each attends to its own steps, up to the current one.
     */
    @ParameterizedTest
    @MethodSource(CASES)
    void sequencesAttendToTheirOwnSteps(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            for (Packing packing : Packing.values()) {
                for (int headWidth : new int[] {1, 3, 16, 20, 33, 64, 80}) {
                    CacheShape shape = new CacheShape(3, 2, headWidth, 40, packing);
                    double tolerance = bench.tolerance() + (packing == Packing.FLOAT32 ? 0 : HALF_WIDTH_ERROR);
                    try (KeyValueCache cache = bench.kernels().decoding().cache(shape)) {
                        for (int round = 0; round < 2; round++) {
                            cache.reset();
                            decodeSequences(bench, cache, headWidth, tolerance);
                        }
                    }
                }
            }
        }
    }

    /** Sequence b is stepped from step 5 b to step 20 + 10 b of 40, the last row first. */
    private static void decodeSequences(Workbench bench, KeyValueCache cache, int headWidth, double tolerance) {
        int width = 2 * headWidth;
        double scale = 1 / Math.sqrt(headWidth);
        AttentionShape s = new AttentionShape(3, 2, 40, 40, headWidth, scale);
        Matrix q = bench.random(120, width);
        Matrix k = bench.random(120, width);
        Matrix v = bench.random(120, width);
        for (int step = 0; step < 40; step++) {
            int now = step;
            int[] slots = IntStream.of(2, 1, 0)
                    .filter(b -> now >= 5 * b && now < 20 + 10 * b)
                    .toArray();
            int[] rows = Arrays.stream(slots).map(b -> b * 40 + now).toArray();
            Tensor out = bench.strided(pick(q, rows));
            DecodingKernels kernels = bench.kernels().decoding();
            kernels.append(cache, slots, bench.strided(pick(k, rows)), bench.strided(pick(v, rows)));
            kernels.attend(cache, scale, slots, bench.strided(pick(q, rows)), out);
            Matrix expected = NaiveKernels.attention(s, q, k, v, null, (b, i, j) -> j <= i && j >= 5 * b);
            String what = "step " + step + ", head width " + headWidth;
            Workbench.assertClose(pick(expected, rows), bench.read(out), tolerance, what);
        }
        assertEquals(20, cache.length(0));
        assertEquals(25, cache.length(1));
        assertEquals(30, cache.length(2));
    }

    private static Matrix pick(Matrix x, int... rows) {
        Matrix result = Matrix.zeros(rows.length, x.columns);
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(x.values, rows[i] * x.columns, result.values, i * x.columns, x.columns);
        }
        return result;
    }

    /** Several rows for one slot are successive steps; a sequence without steps attends to nothing. */
    @ParameterizedTest
    @MethodSource(CASES)
    void textEntersAtOnce(KernelCase kind) {
        try (Workbench bench = kind.open();
                KeyValueCache cache = bench.kernels().decoding().cache(new CacheShape(2, 1, 4, 21, Packing.FLOAT32))) {
            DecodingKernels kernels = bench.kernels().decoding();
            Matrix k = bench.random(21, 4);
            Matrix v = bench.random(21, 4);
            Matrix q = bench.random(2, 4);
            int[] slots = new int[21];
            Arrays.fill(slots, 1);
            kernels.append(cache, slots, bench.strided(k), bench.strided(v));
            Tensor out = bench.strided(bench.random(2, 4));
            kernels.attend(cache, 0.5, new int[] {0, 1}, bench.tensor(q), out);
            AttentionShape s = new AttentionShape(1, 1, 1, 21, 4, 0.5);
            Matrix expected = NaiveKernels.attention(s, pick(q, 1), k, v, null, (b, i, j) -> true);
            bench.assertClose(Matrix.zeros(1, 4), out.rowRange(0, 1), "without steps");
            bench.assertClose(expected, out.rowRange(1, 1), "all steps");
        }
    }

    @ParameterizedTest
    @MethodSource(CASES)
    void aFullCacheRefusesAnotherStep(KernelCase kind) {
        try (Workbench bench = kind.open();
                KeyValueCache cache = bench.kernels().decoding().cache(new CacheShape(2, 1, 2, 2, Packing.FLOAT32))) {
            DecodingKernels kernels = bench.kernels().decoding();
            Tensor x = bench.tensor(Matrix.of(1, 2, 1, 2));
            int[] slot = {1};
            kernels.append(cache, slot, x, x);
            kernels.append(cache, slot, x, x);
            assertThrows(IllegalStateException.class, () -> kernels.append(cache, slot, x, x));
            kernels.append(cache, new int[] {0}, x, x);
            cache.reset(1);
            kernels.append(cache, slot, x, x);
        }
    }

    @ParameterizedTest
    @MethodSource(CASES)
    void rowsAreReadOneByOne(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            Matrix x = bench.random(3, 5);
            float[] row = new float[5];
            bench.kernels().decoding().read(bench.strided(x), 1, row);
            for (int j = 0; j < 5; j++) {
                assertEquals((float) x.at(1, j), row[j], 0.0f);
            }
        }
    }

    @ParameterizedTest
    @MethodSource(CASES)
    void exponentialsAreProbabilitiesButForTheirSum(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            DecodingKernels kernels = bench.kernels().decoding();
            for (int size : new int[] {1, 3, 16, 37, 100}) {
                float[] logits = new float[size];
                double[] expected = new double[size];
                for (int v = 0; v < size; v++) {
                    logits[v] = (float) (3 * bench.randomness().nextGaussian() - 40);
                }
                logits[size / 2] = -30;
                double total = 0;
                for (int v = 0; v < size; v++) {
                    expected[v] = Math.exp((logits[v] + 30.0) / 0.7);
                    total += expected[v];
                }
                float[] weights = new float[size];
                assertEquals(total, kernels.exponentials(logits, 0.7, weights), 1e-6 * total);
                double[] actual =
                        IntStream.range(0, size).mapToDouble(v -> weights[v]).toArray();
                assertArrayEquals(expected, actual, 1e-6);
            }
        }
    }

    @ParameterizedTest
    @MethodSource(CASES)
    void exponentialsOfExtremesStayFinite(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            DecodingKernels kernels = bench.kernels().decoding();
            float[] weights = new float[3];
            assertEquals(1.0, kernels.exponentials(new float[] {-1e30f, 1e30f, 0}, 1.0, weights), 0.0);
            assertArrayEquals(new float[] {0, 1, 0}, weights, 0.0f);
            float low = Float.NEGATIVE_INFINITY;
            assertEquals(1.0, kernels.exponentials(new float[] {low, 3, low}, 1.0, weights), 0.0);
            assertArrayEquals(new float[] {0, 1, 0}, weights, 0.0f);
        }
    }
}
