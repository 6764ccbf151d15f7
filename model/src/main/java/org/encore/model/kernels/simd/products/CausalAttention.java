package org.encore.model.kernels.simd.products;

import static org.encore.model.kernels.simd.memory.Floats.LANES;

import org.encore.model.kernels.Kernels.AttentionGradients;
import org.encore.model.kernels.Kernels.AttentionInputs;
import org.encore.model.kernels.Kernels.AttentionShape;
import org.encore.model.kernels.simd.memory.Floats;
import org.encore.model.kernels.simd.memory.Memory;
import org.encore.model.kernels.simd.memory.SimdTensor;
import org.encore.model.kernels.simd.rows.Pointwise;
import org.encore.model.kernels.simd.rows.SoftmaxRows;

/**
 * Causal attention in blocks of queries, over the keys up to a block's end. The weights of a block are in scratch memory that fits the cache; for the gradient they are computed again from the logarithms of their sums (Dao et al. 2022, algorithm 4).
 */
public final class CausalAttention {
    /** Queries a block: large enough for fast products, small enough to waste little work above the diagonal. */
    public static final int BLOCK = 128;
    /** Padding of rows of scratch, so that equal columns do not map to one set of the cache. */
    private static final int PADDING = 16;

    private final Memory memory;
    private final Products products;
    private final float[] factors = new float[BLOCK];
    private final Block block = new Block();

    /** Takes its scratch from a memory. */
    public CausalAttention(Memory memory, Products products) {
        this.memory = memory;
        this.products = products;
    }

    private static int stride(AttentionShape s) {
        return (s.keys() + LANES - 1) / LANES * LANES + PADDING;
    }

    /** {@link org.encore.model.kernels.Kernels#causalAttention}. */
    public void forward(AttentionShape s, AttentionInputs in, SimdTensor logSums, SimdTensor out) {
        SimdTensor scores = memory.scratch("causal scores", BLOCK * stride(s));
        for (int pair = 0; pair < s.batch() * s.heads(); pair++) {
            for (int first = 0; first < s.queries(); first += BLOCK) {
                forward(s, in, pair, first, scores, logSums, out);
            }
        }
    }

    private void forward(
            AttentionShape s,
            AttentionInputs in,
            int pair,
            int first,
            SimdTensor scores,
            SimdTensor logSums,
            SimdTensor out) {
        int end = Math.min(first + BLOCK, s.queries());
        int count = end - first;
        int top = pair / s.heads() * s.queries();
        int column = pair % s.heads() * s.headWidth();
        scores(s, in, top, column, first, count, scores);
        for (int i = 0; i < count; i++) {
            float logSum = exponentials(scores.floats(), i * stride(s), first + i + 1, end, i);
            logSums.floats().set(pair * s.queries() + first + i, logSum);
        }
        products.a.strided(scores, stride(s));
        products.b.plain(SimdTensor.of(in.v()), top, column);
        products.c.plain(out, top + first, column);
        products.run(count, s.headWidth(), end, 1, 0);
        for (int i = 0; i < count; i++) {
            Pointwise.scale(out.floats(), (top + first + i) * out.stride() + column, s.headWidth(), factors[i]);
        }
    }

    /** Scaled products of a block's queries with the keys up to its end. */
    private void scores(
            AttentionShape s, AttentionInputs in, int top, int column, int first, int count, SimdTensor scores) {
        products.a.plain(SimdTensor.of(in.q()), top + first, column);
        products.b.transposed(SimdTensor.of(in.k()), top, column);
        products.c.strided(scores, stride(s));
        products.run(count, first + count, s.headWidth(), s.scale(), 0);
    }

    /**
     * Turns the visible scores of a row into exponentials relative to their largest and the rest, up to {@code end}, into zeros; stores the inverse of their sum as factor {@code i} and returns the logarithm of the sum.
     */
    private float exponentials(Floats x, int from, int seen, int end, int i) {
        int whole = SoftmaxRows.hide(x, from, seen);
        float max = SoftmaxRows.max(x, from, whole - from);
        float total = SoftmaxRows.exponentials(x, from, whole, max);
        SoftmaxRows.clear(x, from + (seen + LANES - 1) / LANES * LANES, from + end);
        factors[i] = 1f / total;
        return (float) (max + Math.log(total));
    }

    /** {@link org.encore.model.kernels.Kernels#causalAttentionGradient}. */
    public void gradient(
            AttentionShape s,
            AttentionInputs in,
            SimdTensor logSums,
            SimdTensor out,
            SimdTensor dout,
            AttentionGradients gradients) {
        SimdTensor weights = memory.scratch("causal scores", BLOCK * stride(s));
        SimdTensor dscores = memory.scratch("causal gradient", BLOCK * stride(s));
        place(s, in, weights, dscores);
        block.logSums = logSums;
        block.out = out;
        block.dout = dout;
        block.gradients = gradients;
        int last = (s.queries() - 1) / BLOCK * BLOCK;
        for (int pair = 0; pair < s.batch() * s.heads(); pair++) {
            // Downwards: the last block reaches all keys and overwrites their gradients, the others add.
            for (int first = last; first >= 0; first -= BLOCK) {
                gradient(block, pair, first, first == last ? 0 : 1);
            }
        }
    }

    private void place(AttentionShape s, AttentionInputs in, SimdTensor weights, SimdTensor dscores) {
        block.shape = s;
        block.in = in;
        block.weights = weights;
        block.dscores = dscores;
    }

    /** The operands of a gradient; reused, so that no call allocates. */
    private static final class Block {
        private AttentionShape shape;
        private AttentionInputs in;
        private SimdTensor weights;
        private SimdTensor dscores;
        private SimdTensor logSums;
        private SimdTensor out;
        private SimdTensor dout;
        private AttentionGradients gradients;
    }

    private void gradient(Block b, int pair, int first, double beta) {
        AttentionShape s = b.shape;
        int end = Math.min(first + BLOCK, s.queries());
        int count = end - first;
        int top = pair / s.heads() * s.queries();
        int column = pair % s.heads() * s.headWidth();
        scores(s, b.in, top, column, first, count, b.weights);

        products.a.plain(b.dout, top + first, column);
        products.b.transposed(SimdTensor.of(b.in.v()), top, column);
        products.c.strided(b.dscores, stride(s));
        products.run(count, end, s.headWidth(), 1, 0);
        for (int i = 0; i < count; i++) {
            int at = (top + first + i) * b.out.stride() + column;
            int dat = (top + first + i) * b.dout.stride() + column;
            float mean = SoftmaxRows.dot(b.out.floats(), at, b.dout.floats(), dat, s.headWidth());
            float logSum = b.logSums.floats().get(pair * s.queries() + first + i);
            int row = i * stride(s);
            SoftmaxRows.gradient(b.weights.floats(), b.dscores.floats(), row, first + i + 1, logSum, mean);
            int from = row + (first + i + LANES) / LANES * LANES;
            SoftmaxRows.clear(b.weights.floats(), from, row + end);
            SoftmaxRows.clear(b.dscores.floats(), from, row + end);
        }

        products.a.strided(b.weights, stride(s));
        products.a.transpose();
        products.b.plain(b.dout, top + first, column);
        products.c.plain(SimdTensor.of(b.gradients.dv()), top, column);
        products.run(end, s.headWidth(), count, 1, beta);

        products.a.strided(b.dscores, stride(s));
        products.b.plain(SimdTensor.of(b.in.k()), top, column);
        products.c.plain(SimdTensor.of(b.gradients.dq()), top + first, column);
        products.run(count, s.headWidth(), end, s.scale(), 0);

        products.a.transpose();
        products.b.plain(SimdTensor.of(b.in.q()), top + first, column);
        products.c.plain(SimdTensor.of(b.gradients.dk()), top, column);
        products.run(end, s.headWidth(), count, s.scale(), beta);
    }
}
