package org.encore.benchmarks.kernels;

import org.encore.model.kernels.Kernels.AttentionGradients;
import org.encore.model.kernels.Kernels.AttentionInputs;
import org.encore.model.kernels.Kernels.AttentionShape;
import org.encore.model.kernels.Tensor;
import org.openjdk.jmh.annotations.Benchmark;

/** Causal self-attention of 4 heads over 4 sequences of 512 steps, and its gradient. */
public class AttentionBench extends KernelBench {
    private AttentionShape shape;
    private AttentionInputs in;
    private Tensor logSums;
    private Tensor out;
    private Tensor dout;
    private AttentionGradients gradients;

    @Override
    void allocate() {
        int heads = DECODER.heads();
        int headWidth = DECODER.headWidth();
        shape = new AttentionShape(BATCH, heads, STEPS, STEPS, headWidth, 1.0 / Math.sqrt(headWidth));
        // As in the model: queries, keys and values are thirds of the same rows.
        Tensor qkv = gaussian(ROWS, 3 * WIDTH);
        Tensor dqkv = kernels().allocate(ROWS, 3 * WIDTH);
        in = new AttentionInputs(
                qkv.columnRange(0, WIDTH), qkv.columnRange(WIDTH, WIDTH), qkv.columnRange(2 * WIDTH, WIDTH), null);
        gradients = new AttentionGradients(
                dqkv.columnRange(0, WIDTH), dqkv.columnRange(WIDTH, WIDTH), dqkv.columnRange(2 * WIDTH, WIDTH));
        logSums = kernels().allocate(shape.weightRows(), 1);
        out = kernels().allocate(ROWS, WIDTH);
        dout = gaussian(ROWS, WIDTH);
        kernels().causalAttention(shape, in, logSums, out);
    }

    @Benchmark
    public void causalAttention() {
        kernels().causalAttention(shape, in, logSums, out);
    }

    @Benchmark
    public void causalAttentionGradient() {
        kernels().causalAttentionGradient(shape, in, logSums, out, dout, gradients);
    }
}
