package org.encore.model.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.kernels.Kernels.AttentionGradients;
import org.encore.model.kernels.Kernels.AttentionInputs;
import org.encore.model.kernels.Kernels.AttentionShape;
import org.encore.model.kernels.Kernels.LayerNormWeights;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.RowStatistics.RowCoefficients;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.kernels.simd.SimdKernelsProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** SIMD kernels against the portable ones in 64 bits, at sizes where blocks, vectors and their rests all occur. */
class SimdAgainstPortableTest {
    private static final double TOLERANCE = 1e-4;
    private static final int[] WIDTHS = {1, 7, 15, 16, 17, 64, 100, 1023, 1024, 1100};

    private final Workbench simd = new Workbench(new SimdKernelsProvider().open(Precision.SINGLE), TOLERANCE);
    private final Workbench oracle = new Workbench(new PortableKernels(Precision.DOUBLE), TOLERANCE);
    private final RandomGenerator random = new RandomStreams(41).stream(RandomStreams.Purpose.NOISE);

    @AfterEach
    void nothingWasWrittenOutsideOfATensor() {
        simd.close();
        oracle.close();
    }

    private Matrix random(int rows, int columns) {
        return Matrix.random(random, rows, columns);
    }

    private void assertSame(Tensor expected, Tensor actual, String what) {
        Workbench.assertClose(oracle.read(expected), simd.read(actual), TOLERANCE, what);
    }

    /** Steps below, at and above the size of a block, and several blocks. */
    @Test
    void causalAttentionOverSeveralBlocks() {
        for (int[] shape : new int[][] {{1, 2, 127, 16}, {2, 1, 128, 8}, {1, 3, 129, 5}, {2, 2, 300, 20}}) {
            AttentionShape s = new AttentionShape(shape[0], shape[1], shape[2], shape[2], shape[3], 0.3);
            int rows = s.batch() * s.queries();
            int width = s.heads() * s.headWidth();
            Matrix qkv = random(rows, 3 * width);
            Matrix dout = random(rows, width);
            AttentionGradients expected = causal(oracle, s, qkv, dout);
            AttentionGradients actual = causal(simd, s, qkv, dout);
            assertSame(expected.dq(), actual.dq(), "dq");
            assertSame(expected.dk(), actual.dk(), "dk");
            assertSame(expected.dv(), actual.dv(), "dv");
        }
    }

    private static AttentionGradients causal(Workbench bench, AttentionShape s, Matrix qkv, Matrix dout) {
        int width = dout.columns;
        Tensor together = bench.strided(qkv);
        AttentionInputs in = new AttentionInputs(
                together.columnRange(0, width),
                together.columnRange(width, width),
                together.columnRange(2 * width, width),
                null);
        Tensor logSums = bench.zeros(s.weightRows(), 1);
        Tensor out = bench.strided(dout);
        bench.kernels().causalAttention(s, in, logSums, out);
        Tensor d = bench.strided(qkv);
        AttentionGradients gradients = new AttentionGradients(
                d.columnRange(0, width), d.columnRange(width, width), d.columnRange(2 * width, width));
        bench.kernels().causalAttentionGradient(s, in, logSums, out, bench.strided(dout), gradients);
        return gradients;
    }

    @Test
    void activationsAndTheirSlopes() {
        for (Activation kind : Activation.values()) {
            for (int width : WIDTHS) {
                Matrix x = random(3, width).times(2.5);
                Matrix dy = random(3, width);
                for (boolean gaps : new boolean[] {false, true}) {
                    assertSame(activation(oracle, kind, x, gaps), activation(simd, kind, x, gaps), kind.name());
                    assertSame(slope(oracle, kind, x, dy, gaps), slope(simd, kind, x, dy, gaps), "slope of " + kind);
                }
            }
        }
    }

    private static Tensor activation(Workbench bench, Activation kind, Matrix x, boolean gaps) {
        Tensor y = gaps ? bench.strided(x) : bench.tensor(x);
        bench.kernels().activation(kind, gaps ? bench.strided(x) : bench.tensor(x), y);
        return y;
    }

    private static Tensor slope(Workbench bench, Activation kind, Matrix x, Matrix dy, boolean gaps) {
        Tensor gradient = gaps ? bench.strided(dy) : bench.tensor(dy);
        bench.kernels().activationGradient(kind, gaps ? bench.strided(x) : bench.tensor(x), gradient);
        return gradient;
    }

    /** Far out in the tails the functions end at 0 (ELU at -1), at x and at slopes of 0 and 1, without anything that is not finite. */
    @Test
    void activationsOfLargeNumbers() {
        Matrix x = Matrix.of(1, 8, -1e6, -200, -30, -13.5, 13.5, 30, 200, 1e6);
        for (Activation kind : Activation.values()) {
            Tensor y = simd.tensor(x);
            simd.kernels().activation(kind, simd.tensor(x), y);
            Tensor slope = simd.tensor(Matrix.filled(1, 8, 1.0));
            simd.kernels().activationGradient(kind, simd.tensor(x), slope);
            double least = kind == Activation.ELU ? -1 : 0;
            for (int i = 0; i < 8; i++) {
                double end = Math.max(x.at(0, i), least);
                assertEquals(end, simd.read(y).at(0, i), 1e-6 * Math.abs(x.at(0, i)), kind.name());
                // exp(-13.5) = 1.4e-6 is the slope of ELU there.
                assertEquals(i < 4 ? 0 : 1, simd.read(slope).at(0, i), 1.5e-6, "slope of " + kind);
            }
        }
    }

    @Test
    void layerNormAndItsGradient() {
        for (int width : WIDTHS) {
            Matrix[] values = {random(5, width), random(1, width), random(1, width), random(5, width)};
            List<Tensor> expected = layerNorm(oracle, values);
            List<Tensor> actual = layerNorm(simd, values);
            for (int i = 0; i < expected.size(); i++) {
                assertSame(expected.get(i), actual.get(i), "result " + i + " of layer norm of " + width);
            }
        }
    }

    private static List<Tensor> layerNorm(Workbench bench, Matrix[] values) {
        int width = values[0].columns;
        LayerNormWeights w = new LayerNormWeights(bench.tensor(values[1]), bench.tensor(values[2]));
        LayerNormWeights dw = new LayerNormWeights(bench.tensor(values[2]), bench.tensor(values[1]));
        Tensor normalised = bench.strided(values[0]);
        Tensor inverse = bench.zeros(5, 1);
        Tensor y = bench.strided(values[0]);
        bench.kernels().layerNorm(bench.strided(values[0]), w, 1e-2, normalised, inverse, y);
        Tensor dx = bench.strided(Matrix.filled(5, width, 0.5));
        bench.kernels().layerNormGradient(bench.strided(values[3]), normalised, inverse, w, dw, dx);
        return List.of(y, dx, dw.gain(), dw.bias());
    }

    @Test
    void policyRowsAndTheirGradient() {
        for (int width : WIDTHS) {
            Matrix[] logits = {random(4, width).times(6), random(4, width).times(6)};
            int[] targets = {0, -1, width - 1, width / 2};
            for (double inverseTemperature : new double[] {1.0, 0.7}) {
                RowStatistics[] statistics = {new RowStatistics(4), new RowStatistics(4)};
                Tensor expected = policy(oracle, logits, targets, inverseTemperature, statistics[0]);
                Tensor actual = policy(simd, logits, targets, inverseTemperature, statistics[1]);
                assertArrayEquals(statistics[0].logProbs(), statistics[1].logProbs(), TOLERANCE);
                assertArrayEquals(statistics[0].entropies(), statistics[1].entropies(), TOLERANCE);
                assertArrayEquals(statistics[0].kls(), statistics[1].kls(), TOLERANCE);
                assertSame(expected, actual, "gradient over " + width + " codes");
            }
        }
    }

    private static Tensor policy(
            Workbench bench, Matrix[] logits, int[] targets, double inverseTemperature, RowStatistics statistics) {
        Tensor reference = bench.tensor(logits[1]);
        bench.kernels().policyRows(reference, inverseTemperature, targets, null, new RowStatistics(4));
        Tensor rows = bench.tensor(logits[0]);
        bench.kernels().policyRows(rows, inverseTemperature, targets, reference, statistics);
        RowCoefficients by = new RowCoefficients(4);
        for (int i = 0; i < 4; i++) {
            by.byLogProb()[i] = 0.5 - i;
            by.byEntropy()[i] = 0.1 * i;
            by.byKl()[i] = i == 3 ? 0.0 : 0.3;
        }
        bench.kernels().policyRowsGradient(rows, inverseTemperature, targets, reference, statistics, by);
        return rows;
    }

    /** NaN must stay NaN and not become a plausible number. */
    @Test
    void whatIsNotANumberStaysSo() {
        Matrix x = random(2, 40);
        x.values[5] = Double.NaN;
        Tensor logits = simd.tensor(x);
        RowStatistics statistics = new RowStatistics(2);
        simd.kernels().policyRows(logits, 1.0, new int[] {1, 1}, null, statistics);
        assertTrue(Double.isNaN(statistics.logProbs()[0]), "the row with NaN");
        assertTrue(Double.isFinite(statistics.logProbs()[1]), "the row without");
        Tensor y = simd.tensor(x);
        simd.kernels().activation(Activation.GELU, simd.tensor(x), y);
        assertTrue(Double.isNaN(simd.read(y).values[5]), "GELU of NaN");
    }
}
