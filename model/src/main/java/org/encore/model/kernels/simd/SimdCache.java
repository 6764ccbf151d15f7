package org.encore.model.kernels.simd;

import jdk.incubator.vector.FloatVector;
import org.encore.model.kernels.Kernels.AttentionInputs;
import org.encore.model.kernels.KeyValueCache;

/** Keys and values of the steps so far, each {@code [B * H * capacity, width]}. */
final class SimdCache extends KeyValueCache {
    private final Memory memory = new Memory();
    private final int pairs;
    private final int heads;
    private final int width;
    private final SimdTensor keys;
    private final SimdTensor values;
    private final SimdTensor scores;

    SimdCache(int batch, int heads, int width, int capacity) {
        super(capacity);
        this.pairs = batch * heads;
        this.heads = heads;
        this.width = width;
        this.keys = memory.allocate(Math.multiplyExact(pairs, capacity), width);
        this.values = memory.allocate(pairs * capacity, width);
        this.scores = memory.allocate(1, capacity);
    }

    /** Appends one step and attends to all so far. Shapes: q, k, v, out {@code [B, H * width]} */
    void attend(Products products, double scale, AttentionInputs step, SimdTensor out) {
        int position = advance();
        for (int pair = 0; pair < pairs; pair++) {
            int b = pair / heads;
            int column = pair % heads * width;
            int first = pair * capacity();
            store(SimdTensor.of(step.k()), b, column, keys, first + position);
            store(SimdTensor.of(step.v()), b, column, values, first + position);
            products.a.plain(SimdTensor.of(step.q()), b, column);
            products.b.transposed(keys, first, 0);
            products.c.plain(scores, 0, 0);
            products.run(1, position + 1, width, scale, 0);
            Attention.softmax(scores.floats(), 0, position + 1);
            products.a.plain(scores, 0, 0);
            products.b.plain(values, first, 0);
            products.c.plain(out, b, column);
            products.run(1, width, position + 1, 1, 0);
        }
    }

    private void store(SimdTensor step, int row, int column, SimdTensor target, int at) {
        int from = row * step.stride() + column;
        int to = at * width;
        int i = 0;
        for (; i <= width - Floats.LANES; i += Floats.LANES) {
            FloatVector v = step.floats().load(from + i);
            target.floats().store(to + i, v);
        }
        for (; i < width; i++) {
            target.floats().set(to + i, step.floats().get(from + i));
        }
    }

    @Override
    public void close() {
        memory.close();
    }
}
