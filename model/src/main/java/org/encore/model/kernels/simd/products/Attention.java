package org.encore.model.kernels.simd.products;

import org.encore.model.kernels.Kernels.AttentionGradients;
import org.encore.model.kernels.Kernels.AttentionInputs;
import org.encore.model.kernels.Kernels.AttentionShape;
import org.encore.model.kernels.simd.memory.Floats;
import org.encore.model.kernels.simd.memory.Memory;
import org.encore.model.kernels.simd.memory.SimdTensor;
import org.encore.model.kernels.simd.rows.Pointwise;
import org.encore.model.kernels.simd.rows.SoftmaxRows;

/** Attention over few keys with a mask: to the text, and within it. The weights are kept for the gradient. */
public final class Attention {
    /** Added to the score of a masked key: its exponential becomes 0. */
    private static final float HIDDEN = -1e30f;

    private final Memory memory;
    private final Products products;

    /** Takes its scratch from a memory. */
    public Attention(Memory memory, Products products) {
        this.memory = memory;
        this.products = products;
    }

    /** {@link org.encore.model.kernels.Kernels#biasedAttention}. */
    public void forward(AttentionShape s, AttentionInputs in, SimdTensor keyMask, SimdTensor weights, SimdTensor out) {
        SimdTensor hidden = hiddenKeys(s, keyMask);
        SimdTensor bias = SimdTensor.of(in.bias());
        for (int pair = 0; pair < s.batch() * s.heads(); pair++) {
            int b = pair / s.heads();
            int column = pair % s.heads() * s.headWidth();
            int top = pair * s.queries();
            products.a.plain(SimdTensor.of(in.q()), b * s.queries(), column);
            products.b.transposed(SimdTensor.of(in.k()), b * s.keys(), column);
            products.c.plain(weights, top, 0);
            products.run(s.queries(), s.keys(), s.headWidth(), s.scale(), 0);
            Floats w = weights.floats();
            for (int i = 0; i < s.queries(); i++) {
                int row = (top + i) * weights.stride();
                if (bias != null) {
                    int place = (pair % s.heads() * s.queries() + i) * bias.stride();
                    Pointwise.add(bias.floats(), place, w, row, s.keys());
                }
                Pointwise.add(hidden.floats(), b * s.keys(), w, row, s.keys());
                SoftmaxRows.softmax(w, row, s.keys());
            }
            products.a.plain(weights, top, 0);
            products.b.plain(SimdTensor.of(in.v()), b * s.keys(), column);
            products.c.plain(out, b * s.queries(), column);
            products.run(s.queries(), s.headWidth(), s.keys(), 1, 0);
        }
    }

    /** 0 for each visible key, {@link #HIDDEN} for the others. */
    private SimdTensor hiddenKeys(AttentionShape s, SimdTensor keyMask) {
        SimdTensor hidden = memory.scratch("hidden keys", s.batch() * s.keys());
        for (int b = 0; b < s.batch(); b++) {
            for (int j = 0; j < s.keys(); j++) {
                float seen = keyMask.floats().get(b * keyMask.stride() + j);
                hidden.floats().set(b * s.keys() + j, (1f - seen) * HIDDEN);
            }
        }
        return hidden;
    }

    /** {@link org.encore.model.kernels.Kernels#attentionGradient}. */
    public void gradient(
            AttentionShape s,
            AttentionInputs in,
            SimdTensor weights,
            SimdTensor dout,
            SimdTensor dscores,
            AttentionGradients out) {
        for (int pair = 0; pair < s.batch() * s.heads(); pair++) {
            int queries = pair / s.heads() * s.queries();
            int keys = pair / s.heads() * s.keys();
            int column = pair % s.heads() * s.headWidth();
            int top = pair * s.queries();
            products.a.transposed(weights, top, 0);
            products.b.plain(dout, queries, column);
            products.c.plain(SimdTensor.of(out.dv()), keys, column);
            products.run(s.keys(), s.headWidth(), s.queries(), 1, 0);

            products.a.plain(dout, queries, column);
            products.b.transposed(SimdTensor.of(in.v()), keys, column);
            products.c.plain(dscores, top, 0);
            products.run(s.queries(), s.keys(), s.headWidth(), 1, 0);
            for (int i = 0; i < s.queries(); i++) {
                int row = (top + i) * weights.stride();
                SoftmaxRows.gradient(weights.floats(), row, dscores.floats(), (top + i) * dscores.stride(), s.keys());
            }

            products.a.plain(dscores, top, 0);
            products.b.plain(SimdTensor.of(in.k()), keys, column);
            products.c.plain(SimdTensor.of(out.dq()), queries, column);
            products.run(s.queries(), s.headWidth(), s.keys(), s.scale(), 0);

            products.a.transpose();
            products.b.plain(SimdTensor.of(in.q()), queries, column);
            products.c.plain(SimdTensor.of(out.dk()), keys, column);
            products.run(s.keys(), s.headWidth(), s.queries(), s.scale(), 0);
        }
    }

    /** {@link org.encore.model.kernels.Kernels#attentionBiasGradient}. */
    public static void biasGradient(AttentionShape s, SimdTensor dscores, SimdTensor dbias) {
        for (int row = 0; row < s.weightRows(); row++) {
            int to = row % (s.heads() * s.queries()) * dbias.stride();
            Pointwise.add(dscores.floats(), row * dscores.stride(), dbias.floats(), to, s.keys());
        }
    }
}
