package org.encore.model.kernels;

import java.util.List;
import org.encore.model.kernels.Kernels.AttentionGradients;
import org.encore.model.kernels.Kernels.AttentionInputs;
import org.encore.model.kernels.Kernels.AttentionShape;
import org.encore.model.kernels.NaiveKernels.Visibility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AttentionTest {
    private static final String CASES = "org.encore.model.kernels.KernelCase#all";
    private static final Visibility CAUSAL = (b, i, j) -> j <= i;
    private static final double GRADIENT_TOLERANCE = 1e-9;

    /** Batch, heads, queries, keys, width of a head. */
    private static final List<AttentionShape> SHAPES = List.of(
            new AttentionShape(1, 1, 1, 1, 1, 1.0),
            new AttentionShape(2, 3, 5, 5, 2, 0.7),
            new AttentionShape(1, 2, 7, 7, 3, 1.0),
            new AttentionShape(3, 1, 4, 4, 5, 0.5));

    private static final List<AttentionShape> CROSS_SHAPES = List.of(
            new AttentionShape(1, 1, 1, 6, 3, 1.0),
            new AttentionShape(2, 3, 5, 7, 2, 0.7),
            new AttentionShape(3, 2, 4, 1, 4, 0.5));

    private static Matrix queries(Workbench bench, AttentionShape s) {
        return bench.random(s.batch() * s.queries(), s.heads() * s.headWidth());
    }

    private static Matrix keys(Workbench bench, AttentionShape s) {
        return bench.random(s.batch() * s.keys(), s.heads() * s.headWidth());
    }

    @ParameterizedTest
    @MethodSource(CASES)
    void causalAttentionAndItsGradient(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            for (AttentionShape s : SHAPES) {
                Matrix q = queries(bench, s);
                Matrix k = keys(bench, s);
                Matrix v = keys(bench, s);
                Tensor logSums = bench.zeros(s.weightRows(), 1);
                Tensor out = bench.strided(queries(bench, s));
                AttentionInputs in = new AttentionInputs(bench.strided(q), bench.strided(k), bench.strided(v), null);
                bench.kernels().causalAttention(s, in, logSums, out);
                bench.assertClose(NaiveKernels.attention(s, q, k, v, null, CAUSAL), out, "causal");
                Matrix dout = queries(bench, s);
                AttentionGradients actual = gradients(bench, s);
                bench.kernels().causalAttentionGradient(s, in, logSums, out, bench.strided(dout), actual);
                assertGradients(bench, s, new Matrix[] {q, k, v, null}, dout, actual, CAUSAL);
            }
        }
    }

    @ParameterizedTest
    @MethodSource(CASES)
    void maskedAttentionAndItsGradient(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            for (AttentionShape s : CROSS_SHAPES) {
                Matrix q = queries(bench, s);
                Matrix k = keys(bench, s);
                Matrix v = keys(bench, s);
                Matrix mask = mask(s);
                Visibility visible = (b, i, j) -> mask.at(b, j) == 1.0;
                Tensor weights = bench.zeros(s.weightRows(), s.keys());
                Tensor out = bench.strided(queries(bench, s));
                AttentionInputs in = new AttentionInputs(bench.strided(q), bench.strided(k), bench.strided(v), null);
                bench.kernels().maskedAttention(s, in.q(), in.k(), in.v(), bench.tensor(mask), weights, out);
                bench.assertClose(NaiveKernels.attention(s, q, k, v, null, visible), out, "masked");
                assertGradients(bench, s, new Matrix[] {q, k, v, null}, in, weights, visible);
            }
        }
    }

    /** Every sequence sees its first key; of the others one in three is masked. */
    private static Matrix mask(AttentionShape s) {
        Matrix mask = Matrix.filled(s.batch(), s.keys(), 1.0);
        for (int b = 0; b < s.batch(); b++) {
            for (int j = 1; j < s.keys(); j++) {
                mask.set(b, j, (b + j) % 3 == 0 ? 0.0 : 1.0);
            }
        }
        return mask;
    }

    @ParameterizedTest
    @MethodSource(CASES)
    void biasedAttentionAndItsGradient(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            for (AttentionShape s : SHAPES) {
                Matrix q = queries(bench, s);
                Matrix k = keys(bench, s);
                Matrix v = keys(bench, s);
                Matrix bias = bench.random(s.heads() * s.queries(), s.keys());
                Matrix mask = mask(s);
                Visibility visible = (b, i, j) -> mask.at(b, j) == 1.0;
                Tensor weights = bench.zeros(s.weightRows(), s.keys());
                Tensor out = bench.strided(queries(bench, s));
                AttentionInputs in =
                        new AttentionInputs(bench.strided(q), bench.strided(k), bench.strided(v), bench.tensor(bias));
                bench.kernels().biasedAttention(s, in, bench.tensor(mask), weights, out);
                bench.assertClose(NaiveKernels.attention(s, q, k, v, bias, visible), out, "biased");
                assertGradients(bench, s, new Matrix[] {q, k, v, bias}, in, weights, visible);
            }
        }
    }

    private static AttentionGradients gradients(Workbench bench, AttentionShape s) {
        return new AttentionGradients(
                bench.strided(queries(bench, s)), bench.strided(keys(bench, s)), bench.strided(keys(bench, s)));
    }

    /** The variables are queries, keys, values and the bias or null. */
    private static void assertGradients(
            Workbench bench, AttentionShape s, Matrix[] x, AttentionInputs in, Tensor weights, Visibility visible) {
        Matrix dout = queries(bench, s);
        Tensor scores = bench.zeros(s.weightRows(), s.keys());
        AttentionGradients out = gradients(bench, s);
        bench.kernels().attentionGradient(s, in, weights, bench.strided(dout), scores, out);
        assertGradients(bench, s, x, dout, out, visible);
        if (x[3] != null) {
            Matrix old = bench.random(x[3].rows, x[3].columns);
            Tensor dbias = bench.tensor(old);
            bench.kernels().attentionBiasGradient(s, scores, dbias);
            Matrix expected =
                    NaiveKernels.gradient(x[3], () -> NaiveKernels.attention(s, x[0], x[1], x[2], x[3], visible), dout);
            double tolerance = Math.max(GRADIENT_TOLERANCE, bench.tolerance());
            Workbench.assertClose(expected.plus(old), bench.read(dbias), tolerance, "gradient of the bias");
        }
    }

    private static void assertGradients(
            Workbench bench, AttentionShape s, Matrix[] x, Matrix dout, AttentionGradients out, Visibility visible) {
        List<Tensor> actual = List.of(out.dq(), out.dk(), out.dv());
        double tolerance = Math.max(GRADIENT_TOLERANCE, bench.tolerance());
        for (int i = 0; i < actual.size(); i++) {
            Matrix expected =
                    NaiveKernels.gradient(x[i], () -> NaiveKernels.attention(s, x[0], x[1], x[2], x[3], visible), dout);
            Workbench.assertClose(expected, bench.read(actual.get(i)), tolerance, "gradient of input " + i);
        }
    }

    /** Scores of hundreds, so that a masked key's score must be far below any visible one. */
    @ParameterizedTest
    @MethodSource(CASES)
    void hiddenKeysStayHiddenWhateverTheScores(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            AttentionShape s = new AttentionShape(2, 2, 4, 4, 2, 1.0);
            Matrix q = queries(bench, s).times(20);
            Matrix k = keys(bench, s).times(-20);
            Matrix v = keys(bench, s);
            // A leak from the last step would show.
            v.set(3, 0, 1e4);
            v.set(7, 3, -1e4);
            Tensor out = bench.zeros(8, 4);
            AttentionInputs in = new AttentionInputs(bench.tensor(q), bench.tensor(k), bench.tensor(v), null);
            bench.kernels().causalAttention(s, in, bench.zeros(s.weightRows(), 1), out);
            Workbench.assertClose(
                    NaiveKernels.attention(s, q, k, v, null, CAUSAL),
                    bench.read(out),
                    Math.max(1e-9, 20 * bench.tolerance()),
                    "causal");
        }
    }

    /** A sequence without text: every key is masked, so attention is uniform and finite. */
    @ParameterizedTest
    @MethodSource(CASES)
    void queriesWithoutKeysSeeAllAlike(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            AttentionShape s = new AttentionShape(3, 2, 5, 6, 3, 1.0);
            Matrix q = queries(bench, s).times(5);
            Matrix k = keys(bench, s).times(5);
            Matrix v = keys(bench, s);
            Matrix mask = Matrix.filled(3, 6, 1.0);
            for (int j = 0; j < 6; j++) {
                mask.set(1, j, 0.0);
            }
            Tensor out = bench.zeros(15, 6);
            Tensor weights = bench.zeros(s.weightRows(), 6);
            bench.kernels()
                    .maskedAttention(
                            s, bench.tensor(q), bench.tensor(k), bench.tensor(v), bench.tensor(mask), weights, out);
            Workbench.assertClose(
                    NaiveKernels.attention(s, q, k, v, null, (b, i, j) -> mask.at(b, j) == 1.0),
                    bench.read(out),
                    Math.max(1e-9, 10 * bench.tolerance()),
                    "masked");
        }
    }

    /** Many rows and many keys, all scores far below zero: ND4J's softmax of doubles has given NaN there. */
    @ParameterizedTest
    @MethodSource(CASES)
    void scoresFarBelowZero(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            for (int keys : new int[] {3, 40, 256, 300}) {
                AttentionShape s = new AttentionShape(2, 2, 9, keys, 2, 1.0);
                Matrix q = queries(bench, s);
                Matrix k = keys(bench, s);
                Matrix v = keys(bench, s);
                Matrix bias = bench.random(18, keys).plus(Matrix.filled(18, keys, -1000.0));
                AttentionInputs in =
                        new AttentionInputs(bench.tensor(q), bench.tensor(k), bench.tensor(v), bench.tensor(bias));
                Tensor out = bench.zeros(18, 4);
                Tensor weights = bench.zeros(s.weightRows(), keys);
                bench.kernels().biasedAttention(s, in, bench.tensor(Matrix.filled(2, keys, 1.0)), weights, out);
                // 32 bits keep 1000 + x to 3e-5.
                Workbench.assertClose(
                        NaiveKernels.attention(s, q, k, v, bias, (b, i, j) -> true),
                        bench.read(out),
                        Math.max(1e-9, 10 * bench.tolerance()),
                        "biased");
            }
        }
    }
}
