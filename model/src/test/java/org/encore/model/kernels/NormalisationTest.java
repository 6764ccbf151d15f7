package org.encore.model.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.Supplier;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.kernels.Kernels.LayerNormWeights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NormalisationTest {
    private static final String CASES = "org.encore.model.kernels.KernelCase#all";
    private static final double EPSILON = 1e-5;
    private static final int[][] SHAPES = {{1, 3}, {5, 2}, {3, 7}, {9, 33}, {2, 64}};

    @ParameterizedTest
    @MethodSource(CASES)
    void layerNormAndItsGradient(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            for (int[] shape : SHAPES) {
                Matrix x = bench.random(shape[0], shape[1]);
                Matrix gain = bench.random(1, shape[1]);
                Matrix bias = bench.random(1, shape[1]);
                LayerNormWeights w = new LayerNormWeights(bench.tensor(gain), bench.tensor(bias));
                Tensor normalised = bench.zeros(shape[0], shape[1]);
                Tensor inverseDeviation = bench.zeros(shape[0], 1);
                Tensor y = bench.zeros(shape[0], shape[1]);
                bench.kernels().layerNorm(bench.tensor(x), w, EPSILON, normalised, inverseDeviation, y);
                bench.assertClose(NaiveKernels.layerNorm(x, gain, bias, EPSILON), y, "layerNorm");

                Matrix dy = bench.random(shape[0], shape[1]);
                Matrix old = bench.random(shape[0], shape[1]);
                LayerNormWeights dw = new LayerNormWeights(bench.tensor(gain), bench.tensor(bias));
                Tensor dx = bench.tensor(old);
                bench.kernels().layerNormGradient(bench.tensor(dy), normalised, inverseDeviation, w, dw, dx);
                assertGradient(bench, x, old, dx, () -> NaiveKernels.layerNorm(x, gain, bias, EPSILON), dy);
                assertGradient(bench, gain, gain, dw.gain(), () -> NaiveKernels.layerNorm(x, gain, bias, EPSILON), dy);
                assertGradient(bench, bias, bias, dw.bias(), () -> NaiveKernels.layerNorm(x, gain, bias, EPSILON), dy);
            }
        }
    }

    @ParameterizedTest
    @MethodSource(CASES)
    void rmsNormAndItsGradient(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            for (int[] shape : SHAPES) {
                Matrix x = bench.random(shape[0], shape[1]);
                Matrix gain = bench.random(1, shape[1]);
                Tensor normalised = bench.zeros(shape[0], shape[1]);
                Tensor inverseDeviation = bench.zeros(shape[0], 1);
                Tensor y = bench.zeros(shape[0], shape[1]);
                Tensor weights = bench.tensor(gain);
                bench.kernels().rmsNorm(bench.tensor(x), weights, EPSILON, normalised, inverseDeviation, y);
                bench.assertClose(NaiveKernels.rmsNorm(x, gain, EPSILON), y, "rmsNorm");

                Matrix dy = bench.random(shape[0], shape[1]);
                Matrix old = bench.random(shape[0], shape[1]);
                Tensor dgain = bench.tensor(gain);
                Tensor dx = bench.tensor(old);
                bench.kernels().rmsNormGradient(bench.tensor(dy), normalised, inverseDeviation, weights, dgain, dx);
                assertGradient(bench, x, old, dx, () -> NaiveKernels.rmsNorm(x, gain, EPSILON), dy);
                assertGradient(bench, gain, gain, dgain, () -> NaiveKernels.rmsNorm(x, gain, EPSILON), dy);
            }
        }
    }

    /** Rows far from zero keep their digits: the mean goes before the squares are taken. */
    @ParameterizedTest
    @MethodSource(CASES)
    void layerNormOfRowsFarFromZero(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            Matrix x = Matrix.of(2, 4, 1001, 1002, 1003, 1004, -500, -500, -500, -500);
            Matrix gain = Matrix.filled(1, 4, 1.0);
            Matrix bias = Matrix.zeros(1, 4);
            LayerNormWeights w = new LayerNormWeights(bench.tensor(gain), bench.tensor(bias));
            Tensor y = bench.zeros(2, 4);
            bench.kernels().layerNorm(bench.tensor(x), w, EPSILON, bench.zeros(2, 4), bench.zeros(2, 1), y);
            // Variance 1.25, so the entries are ±1.5 / sqrt(1.25) and ±0.5 / sqrt(1.25); a constant row gives zeros.
            double outer = 1.5 / Math.sqrt(1.25 + EPSILON);
            double inner = 0.5 / Math.sqrt(1.25 + EPSILON);
            bench.assertClose(Matrix.of(2, 4, -outer, -inner, inner, outer, 0, 0, 0, 0), y, "layerNorm");
        }
    }

    @ParameterizedTest
    @MethodSource(CASES)
    void activationsAndTheirGradients(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            for (Activation activation : Activation.values()) {
                Matrix x = bench.random(5, 13).times(3.0);
                x.values[0] = 30.0;
                x.values[1] = -30.0;
                Tensor y = bench.zeros(5, 13);
                bench.kernels().activation(activation, bench.tensor(x), y);
                bench.assertClose(NaiveKernels.activation(activation, x), y, activation.name());
                Matrix dy = bench.random(5, 13);
                Tensor gradient = bench.tensor(dy);
                bench.kernels().activationGradient(activation, bench.tensor(x), gradient);
                Matrix slope = NaiveKernels.gradient(x, () -> NaiveKernels.activation(activation, x), dy);
                Workbench.assertClose(
                        slope, bench.read(gradient), Math.max(bench.tolerance(), 1e-9), activation + " gradient");
            }
        }
    }

    @Test
    void activationsByHand() {
        // x Φ(x) at 1 and -2, from tables of the normal distribution.
        Matrix x = Matrix.of(1, 4, 0, 1, -2, 0.5);
        Matrix gelu = NaiveKernels.activation(Activation.GELU, x);
        assertEquals(0.0, gelu.values[0], 0.0);
        assertEquals(0.8413447460685429, gelu.values[1], 1e-14);
        assertEquals(-2 * 0.0227501319481792, gelu.values[2], 1e-14);
        assertEquals(0.5 * 0.6914624612740131, gelu.values[3], 1e-14);
        // tanh(sqrt(2/π) · 1.044715) = tanh(0.8335630) = 0.6823839
        assertEquals(0.5 * 1.6823839, NaiveKernels.activation(Activation.GELU_TANH, x).values[1], 1e-7);
    }

    /** The slope of ReLU at 0 is 0, on both sides of the zero. */
    @ParameterizedTest
    @MethodSource(CASES)
    void reluAtZero(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            Tensor dy = bench.tensor(Matrix.filled(1, 4, 5.0));
            bench.kernels().activationGradient(Activation.RELU, bench.tensor(Matrix.of(1, 4, 0.0, -0.0, 1, -1)), dy);
            bench.assertClose(Matrix.of(1, 4, 0, 0, 5, 0), dy, "slope");
        }
    }

    private static void assertGradient(
            Workbench bench, Matrix variable, Matrix old, Tensor actual, Supplier<Matrix> forward, Matrix dy) {
        Matrix expected = NaiveKernels.gradient(variable, forward, dy).plus(old);
        // A row of two nearly equal numbers has steep derivatives, where the differences themselves err by 1e-9.
        double tolerance = bench.tolerance() < 1e-6 ? 1e-7 : 10 * bench.tolerance();
        Workbench.assertClose(expected, bench.read(actual), tolerance, "gradient");
    }
}
