package org.encore.benchmarks.kernels;

import org.encore.model.kernels.Tensor;
import org.openjdk.jmh.annotations.Benchmark;

/** The first layer of the feed-forward part: {@code [2048, 256]} times {@code [1024, 256]} transposed, and its gradients. */
public class ProductBench extends KernelBench {
    private Tensor x;
    private Tensor w;
    private Tensor y;
    private Tensor dx;
    private Tensor dw;

    @Override
    void allocate() {
        x = gaussian(ROWS, WIDTH);
        w = gaussian(DECODER.feedForward(), WIDTH);
        y = gaussian(ROWS, DECODER.feedForward());
        dx = kernels().allocate(ROWS, WIDTH);
        dw = kernels().allocate(DECODER.feedForward(), WIDTH);
    }

    @Benchmark
    public void linear() {
        kernels().linear(x, w, y);
    }

    @Benchmark
    public void linearInputGradient() {
        kernels().linearInputGradient(y, w, dx);
    }

    @Benchmark
    public void linearWeightGradient() {
        kernels().linearWeightGradient(y, x, dw);
    }
}
