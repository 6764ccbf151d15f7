package org.encore.model.transformer;

import java.util.ArrayList;
import java.util.List;
import org.encore.model.kernels.AttentionShape;
import org.encore.model.kernels.Kernels.AttentionGradients;
import org.encore.model.kernels.Kernels.AttentionInputs;
import org.encore.model.kernels.Tensor;

/** The text encoder's buffers for one shape; R = B·S rows, I the width of all heads. */
final class TextActivations {
    /**
     * One block.
     *
     * @param qkv {@code [R, 3I]}
     * @param inputs queries, keys, values and bias
     * @param weights {@code [B * H * S, S]}
     * @param attended {@code [R, I]}
     * @param hidden before the non-linearity, {@code [R, F]}
     * @param gated after it, {@code [R, F]}
     */
    record Block(
            Normed norm,
            Tensor qkv,
            AttentionInputs inputs,
            Tensor weights,
            Tensor attended,
            Normed feedForwardNorm,
            Tensor hidden,
            Tensor gated) {}

    final AttentionShape attention;
    final Tensor validity;
    final Tensor bias;
    final Tensor x;
    final List<Block> blocks = new ArrayList<>();
    final Normed states;

    final Tensor dx;
    final Tensor dy;
    final Tensor dqkv;
    final AttentionGradients dparts;
    final Tensor dattended;
    final Tensor dhidden;
    final Tensor dscores;
    final Tensor dbias;
    final Tensor buckets;

    TextActivations(Arena arena, TextEncoderConfig c, BatchShape shape) {
        int rows = shape.textRows();
        int s = shape.textTokens();
        attention = new AttentionShape(shape.batch(), c.heads(), s, s, c.headWidth(), 1.0);
        validity = arena.take(shape.batch(), s);
        bias = arena.take(c.heads() * s, s);
        x = arena.take(rows, c.width());
        for (int i = 0; i < c.layers(); i++) {
            Tensor qkv = arena.take(rows, 3 * c.innerWidth());
            blocks.add(new Block(
                    Normed.take(arena, rows, c.width()),
                    qkv,
                    DecoderActivations.thirds(qkv, bias),
                    arena.take(attention.weightRows(), s),
                    arena.take(rows, c.innerWidth()),
                    Normed.take(arena, rows, c.width()),
                    arena.take(rows, c.feedForward()),
                    arena.take(rows, c.feedForward())));
        }
        states = Normed.take(arena, rows, c.width());
        dx = arena.take(rows, c.width());
        dy = arena.take(rows, c.width());
        dqkv = arena.take(rows, 3 * c.innerWidth());
        dparts = DecoderActivations.thirds(dqkv);
        dattended = arena.take(rows, c.innerWidth());
        dhidden = arena.take(rows, c.feedForward());
        dscores = arena.take(attention.weightRows(), s);
        dbias = arena.take(c.heads() * s, s);
        buckets = arena.take(c.buckets(), s * s);
    }
}
