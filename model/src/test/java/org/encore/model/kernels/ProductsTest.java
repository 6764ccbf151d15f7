package org.encore.model.kernels;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProductsTest {
    private static final String CASES = "org.encore.model.kernels.KernelCase#all";

    /** Rows, inputs, outputs. */
    private static final int[][] SIZES = {
        {1, 1, 1}, {1, 5, 3}, {4, 1, 3}, {4, 3, 1}, {5, 7, 3}, {2, 33, 17}, {31, 16, 48}, {64, 64, 64}
    };

    @ParameterizedTest
    @MethodSource(CASES)
    void productsAgreeWithPlainLoops(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            for (int[] size : SIZES) {
                Matrix x = bench.random(size[0], size[1]);
                Matrix w = bench.random(size[2], size[1]);
                Matrix before = bench.random(size[0], size[2]);
                Matrix product = NaiveKernels.linear(x, w);
                Tensor y = bench.tensor(before);
                bench.kernels().linear(bench.tensor(x), bench.tensor(w), y);
                bench.assertClose(product, y, "linear");
                Tensor sum = bench.tensor(before);
                bench.kernels().addLinear(bench.tensor(x), bench.tensor(w), sum);
                bench.assertClose(product.plus(before), sum, "addLinear");
            }
        }
    }

    @ParameterizedTest
    @MethodSource(CASES)
    void gradientsOfProductsAgreeWithPlainLoops(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            for (int[] size : SIZES) {
                Matrix x = bench.random(size[0], size[1]);
                Matrix w = bench.random(size[2], size[1]);
                Matrix dy = bench.random(size[0], size[2]);
                Matrix before = bench.random(size[0], size[1]);
                Matrix input = NaiveKernels.linear(dy, w.transposed());
                Tensor dx = bench.tensor(before);
                bench.kernels().linearInputGradient(bench.tensor(dy), bench.tensor(w), dx);
                bench.assertClose(input, dx, "linearInputGradient");
                Tensor sum = bench.tensor(before);
                bench.kernels().addLinearInputGradient(bench.tensor(dy), bench.tensor(w), sum);
                bench.assertClose(input.plus(before), sum, "addLinearInputGradient");
                Matrix old = bench.random(size[2], size[1]);
                Tensor dw = bench.tensor(old);
                bench.kernels().linearWeightGradient(bench.tensor(dy), bench.tensor(x), dw);
                Matrix weight = NaiveKernels.linear(dy.transposed(), x.transposed());
                bench.assertClose(weight.plus(old), dw, "linearWeightGradient");
            }
        }
    }

    /** Queries, keys and values are parts of the rows of one matrix. */
    @ParameterizedTest
    @MethodSource(CASES)
    void rowsMayHaveGaps(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            for (int[] size : SIZES) {
                Matrix x = bench.random(size[0], size[1]);
                Matrix w = bench.random(size[2], size[1]);
                Matrix dy = bench.random(size[0], size[2]);
                Tensor y = bench.strided(dy);
                bench.kernels().linear(bench.strided(x), bench.tensor(w), y);
                bench.assertClose(NaiveKernels.linear(x, w), y, "linear");
                Tensor dx = bench.strided(x);
                bench.kernels().linearInputGradient(bench.strided(dy), bench.tensor(w), dx);
                bench.assertClose(NaiveKernels.linear(dy, w.transposed()), dx, "linearInputGradient");
                Tensor dw = bench.tensor(w);
                bench.kernels().linearWeightGradient(bench.strided(dy), bench.strided(x), dw);
                Matrix weight = NaiveKernels.linear(dy.transposed(), x.transposed());
                bench.assertClose(weight.plus(w), dw, "linearWeightGradient");
            }
        }
    }

    @ParameterizedTest
    @MethodSource(CASES)
    void biasesAreAddedAndTheirGradientsSummed(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            for (int[] size : SIZES) {
                Matrix y = bench.random(size[0], size[1]);
                Matrix bias = bench.random(1, size[1]);
                Matrix ones = Matrix.filled(size[0], 1, 1.0);
                Tensor sum = bench.tensor(y);
                bench.kernels().addBias(bench.tensor(bias), sum);
                bench.assertClose(NaiveKernels.linear(ones, bias.transposed()).plus(y), sum, "addBias");
                Tensor dbias = bench.tensor(bias);
                bench.kernels().biasGradient(bench.tensor(y), dbias);
                Matrix columnSums = NaiveKernels.linear(ones.transposed(), y.transposed());
                bench.assertClose(columnSums.plus(bias), dbias, "biasGradient");
            }
        }
    }
}
