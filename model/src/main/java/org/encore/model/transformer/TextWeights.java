package org.encore.model.transformer;

import java.util.ArrayList;
import java.util.List;
import org.encore.model.kernels.Tensor;

/**
 * The text encoder's views of the flat vector: of its weights, or of their gradient.
 *
 * @param embedding {@code [vocabulary, E]}
 * @param relativeBias {@code [buckets, H]}
 * @param blocks the blocks
 * @param finalNorm {@code [1, E]}
 */
record TextWeights(Tensor embedding, Tensor relativeBias, List<Block> blocks, Tensor finalNorm) {
    /**
     * One block.
     *
     * @param norm {@code [1, E]}
     * @param qkv query, key and value matrices, {@code [3 * inner, E]}
     * @param o {@code [E, inner]}
     * @param feedForwardNorm {@code [1, E]}
     * @param wi {@code [F, E]}
     * @param wo {@code [E, F]}
     */
    record Block(Tensor norm, Tensor qkv, Tensor o, Tensor feedForwardNorm, Tensor wi, Tensor wo) {}

    static TextWeights of(Parameters p, TextEncoderConfig config) {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) {
            String attention = Names.textAttention(i);
            blocks.add(new Block(
                    p.get(Names.textNorm(i, 0)),
                    p.stacked(attention + "q.weight", attention + "v.weight"),
                    p.get(attention + "o.weight"),
                    p.get(Names.textNorm(i, 1)),
                    p.get(Names.textFeedForward(i) + "wi.weight"),
                    p.get(Names.textFeedForward(i) + "wo.weight")));
        }
        return new TextWeights(
                p.get(Names.TEXT_EMBEDDING), p.get(Names.RELATIVE_BIAS), blocks, p.get(Names.TEXT_FINAL_NORM));
    }
}
