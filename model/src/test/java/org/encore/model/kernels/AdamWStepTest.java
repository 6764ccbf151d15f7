package org.encore.model.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.encore.model.kernels.Kernels.AdamWStep;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AdamWStepTest {
    private static final String CASES = "org.encore.model.kernels.KernelCase#all";

    @ParameterizedTest
    @MethodSource(CASES)
    void stepsAgreeWithPlainLoops(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            for (double decay : new double[] {0.0, 0.1}) {
                for (int size : new int[] {1, 33}) {
                    Matrix[] state = {bench.random(1, size), Matrix.zeros(1, size), Matrix.zeros(1, size)};
                    Tensor parameters = bench.tensor(state[0]);
                    Tensor first = bench.zeros(1, size);
                    Tensor second = bench.zeros(1, size);
                    for (int number = 1; number <= 5; number++) {
                        Matrix gradient = bench.random(1, size);
                        AdamWStep step = new AdamWStep(0.01 * number, 0.9, 0.99, 1e-8, decay, number, 0.5);
                        bench.kernels().adamW(step, parameters, bench.tensor(gradient), first, second);
                        NaiveKernels.adamW(step, state[0].values, gradient.values, state[1].values, state[2].values);
                        bench.assertClose(state[0], parameters, "parameters after step " + number);
                        bench.assertClose(state[1], first, "first moment after step " + number);
                        bench.assertClose(state[2], second, "second moment after step " + number);
                    }
                }
            }
        }
    }

    /** The first step moves every parameter by the learning rate, for any size of the gradient. */
    @ParameterizedTest
    @MethodSource(CASES)
    void theFirstStepByHand(KernelCase kind) {
        try (Workbench bench = kind.open()) {
            Tensor parameters = bench.tensor(Matrix.of(1, 3, 1, 1, 1));
            AdamWStep step = new AdamWStep(0.1, 0.9, 0.999, 1e-12, 0.5, 1, 1.0);
            Tensor gradient = bench.tensor(Matrix.of(1, 3, 20, -0.3, 0));
            bench.kernels().adamW(step, parameters, gradient, bench.zeros(1, 3), bench.zeros(1, 3));
            // Decay first takes 0.1 · 0.5 of the weight.
            bench.assertClose(Matrix.of(1, 3, 0.95 - 0.1, 0.95 + 0.1, 0.95), parameters, "parameters");
            bench.assertClose(Matrix.of(1, 3, 20, -0.3, 0), gradient, "the gradient stays");
        }
    }

    @Test
    void correctionsByHand() {
        AdamWStep step = new AdamWStep(0.1, 0.9, 0.5, 1e-8, 0, 2, 1);
        assertEquals(1 / 0.19, step.firstCorrection(), 1e-12);
        assertEquals(1 / 0.75, step.secondCorrection(), 1e-12);
    }
}
