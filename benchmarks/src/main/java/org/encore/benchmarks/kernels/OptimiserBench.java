package org.encore.benchmarks.kernels;

import org.encore.model.kernels.Kernels.AdamWStep;
import org.encore.model.kernels.Tensor;
import org.openjdk.jmh.annotations.Benchmark;

/** One step of AdamW over as many parameters as the blocks of the reference decoder have. */
public class OptimiserBench extends KernelBench {
    private static final AdamWStep STEP = new AdamWStep(1e-4, 0.9, 0.95, 1e-8, 0.1, 10, 1.0);

    private Tensor parameters;
    private Tensor gradient;
    private Tensor firstMoment;
    private Tensor secondMoment;

    @Override
    void allocate() {
        int count = DECODER.layers() * 4 * WIDTH * (WIDTH + DECODER.feedForward() / 2);
        parameters = gaussian(1, count);
        gradient = gaussian(1, count);
        firstMoment = kernels().allocate(1, count);
        secondMoment = kernels().allocate(1, count);
    }

    @Benchmark
    public void adamW() {
        kernels().adamW(STEP, parameters, gradient, firstMoment, secondMoment);
    }
}
