package org.encore.model.kernels.nd4j;

import org.encore.model.kernels.Kernels.AttentionGradients;
import org.encore.model.kernels.Kernels.AttentionInputs;
import org.encore.model.kernels.Kernels.AttentionShape;
import org.encore.model.kernels.Tensor;
import org.encore.model.kernels.nd4j.PortableDecoding.NdCache;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Multi-head attention on strided views, forward and backward. */
final class PortableAttention {
    /** Added to the score of a masked key: its exponential becomes 0. */
    static final double HIDDEN = -1e30;

    private final Scratch scratch;

    PortableAttention(Scratch scratch) {
        this.scratch = scratch;
    }

    void causal(AttentionShape s, AttentionInputs in, Tensor out) {
        NdTensor weights = causalWeights(s, in);
        mix(s, weights.shaped(s.batch(), s.heads(), s.queries(), s.keys()), in.v(), out);
    }

    /** Recomputes the weights: kept from the forward pass, they would take memory quadratic in the steps in every layer. */
    void causalGradient(AttentionShape s, AttentionInputs in, Tensor dout, AttentionGradients out) {
        gradient(s, in, causalWeights(s, in), dout, scratch.tensor("causal scores", s.weightRows(), s.keys()), out);
    }

    private NdTensor causalWeights(AttentionShape s, AttentionInputs in) {
        NdTensor weights = scratch.tensor("causal weights", s.weightRows(), s.keys());
        INDArray scores = scores(s, in.q(), in.k(), weights);
        NdOps.broadcast("add", scores, scratch.causalMask(s.queries()), scores);
        softmax(weights);
        return weights;
    }

    void masked(AttentionShape s, AttentionInputs in, Tensor keyMask, Tensor weights, Tensor out) {
        INDArray scores = scores(s, in.q(), in.k(), weights);
        if (in.bias() != null) {
            INDArray bias = NdTensor.of(in.bias()).shaped(1, s.heads(), s.queries(), s.keys());
            NdOps.broadcast("add", scores, bias, scores);
        }
        NdTensor hidden = scratch.tensor("hidden keys", s.batch(), s.keys());
        hidden.matrix().assign(NdTensor.of(keyMask).matrix());
        hidden.matrix().subi(1.0).muli(-HIDDEN);
        NdOps.broadcast("add", scores, hidden.shaped(s.batch(), 1, 1, s.keys()), scores);
        softmax(NdTensor.of(weights));
        mix(s, scores, in.v(), out);
    }

    private static INDArray scores(AttentionShape s, Tensor q, Tensor k, Tensor weights) {
        INDArray scores = NdTensor.of(weights).shaped(s.batch(), s.heads(), s.queries(), s.keys());
        INDArray queries = NdTensor.of(q).heads(s.batch(), s.heads());
        NdOps.productRightTransposed(queries, NdTensor.of(k).heads(s.batch(), s.heads()), scores, s.scale(), 0);
        return scores;
    }

    private static void mix(AttentionShape s, INDArray weights, Tensor v, Tensor out) {
        NdOps.product(weights, heads(s, v), heads(s, out), 1, 0);
    }

    private void softmax(NdTensor rows) {
        if (scratch.type() == DataType.DOUBLE) {
            // ND4J's softmax of several rows of doubles gives NaN where all of a row is far below zero.
            try (INDArray max = rows.matrix().max(true, 1)) {
                NdOps.broadcast("subtract", rows.matrix(), max, rows.matrix());
            }
        }
        NdOps.softmax(rows.matrix(), rows.matrix());
    }

    void gradient(
            AttentionShape s, AttentionInputs in, Tensor weights, Tensor dout, Tensor scores, AttentionGradients out) {
        INDArray p = NdTensor.of(weights).shaped(s.batch(), s.heads(), s.queries(), s.keys());
        INDArray ds = NdTensor.of(scores).shaped(s.batch(), s.heads(), s.queries(), s.keys());
        INDArray dOutput = NdTensor.of(dout).heads(s.batch(), s.heads());
        NdOps.productLeftTransposed(p, dOutput, heads(s, out.dv()), 1, 0);
        NdOps.productRightTransposed(dOutput, heads(s, in.v()), ds, 1, 0);
        softmaxGradient(s, weights, scores);
        NdOps.product(ds, heads(s, in.k()), heads(s, out.dq()), s.scale(), 0);
        NdOps.productLeftTransposed(ds, heads(s, in.q()), heads(s, out.dk()), s.scale(), 0);
    }

    /** {@code ds = p * (dp - Σ_j dp p)}, in place of dp. */
    private void softmaxGradient(AttentionShape s, Tensor weights, Tensor scores) {
        INDArray p = NdTensor.of(weights).matrix();
        INDArray dp = NdTensor.of(scores).matrix();
        NdTensor products = scratch.tensor("attention products", s.weightRows(), s.keys());
        NdTensor sums = scratch.tensor("attention sums", s.weightRows(), 1);
        dp.muli(p, products.matrix());
        products.matrix().sum(sums.vector(), 1);
        NdOps.broadcast("subtract", dp, sums.matrix(), dp);
        dp.muli(p);
    }

    void biasGradient(AttentionShape s, Tensor dscores, Tensor dbias) {
        int columns = s.heads() * s.queries() * s.keys();
        INDArray flat = NdTensor.of(dscores).shaped(s.batch(), columns);
        NdOps.product(scratch.ones(s.batch()), flat, NdTensor.of(dbias).shaped(1, columns), 1, 1);
    }

    private static INDArray heads(AttentionShape s, Tensor tensor) {
        return NdTensor.of(tensor).heads(s.batch(), s.heads());
    }

    /** Each row attends to all steps of its sequence. */
    void cached(NdCache cache, double scale, int[] slots, NdTensor q, NdTensor out) {
        for (int i = 0; i < slots.length; i++) {
            int length = cache.length(slots[i]);
            NdTensor result = NdTensor.of(out.rowRange(i, 1));
            if (length == 0) {
                result.matrix().assign(0.0);
                continue;
            }
            NdTensor weights = NdTensor.of(scratch.tensor("cached weights", 1, cache.heads() * cache.capacity())
                            .columnRange(0, cache.heads() * length))
                    .reshaped(cache.heads(), length);
            INDArray scores = weights.shaped(1, cache.heads(), 1, length);
            INDArray queries = NdTensor.of(q.rowRange(i, 1)).heads(1, cache.heads());
            NdOps.productRightTransposed(queries, cache.keys(slots[i]), scores, scale, 0);
            softmax(weights);
            NdOps.product(scores, cache.values(slots[i]), result.heads(1, cache.heads()), 1, 0);
        }
    }
}
