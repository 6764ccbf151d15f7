package org.encore.model.kernels.nd4j;

import org.encore.model.kernels.DecodingKernels.CacheShape;
import org.encore.model.kernels.KeyValueCache;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Keys and values as {@code [slots, H, capacity, width]}. Always full width. */
final class NdCache extends KeyValueCache {
    private final int heads;
    private final int width;
    private final INDArray keys;
    private final INDArray values;

    NdCache(DataType type, CacheShape shape) {
        super(shape.slots(), shape.capacity());
        this.heads = shape.heads();
        this.width = shape.headWidth();
        long size = (long) shape.slots() * heads * capacity() * width;
        this.keys = Nd4j.create(type, size);
        this.values = Nd4j.create(type, size);
    }

    int heads() {
        return heads;
    }

    /** Stores the next step of each sequence. Shapes: k, v {@code [N, D]} */
    void append(int[] slots, NdTensor k, NdTensor v) {
        for (int i = 0; i < slots.length; i++) {
            int position = advance(slots[i]);
            range(keys, slots[i], position, 1)
                    .assign(NdTensor.of(k.rowRange(i, 1)).heads(1, heads));
            range(values, slots[i], position, 1)
                    .assign(NdTensor.of(v.rowRange(i, 1)).heads(1, heads));
        }
    }

    /** {@code [1, H, length, width]}. */
    INDArray keys(int slot) {
        return range(keys, slot, 0, length(slot));
    }

    /** {@code [1, H, length, width]}. */
    INDArray values(int slot) {
        return range(values, slot, 0, length(slot));
    }

    private INDArray range(INDArray store, int slot, int first, int count) {
        long headStride = (long) capacity() * width;
        return Nd4j.create(
                store.data(),
                new long[] {1, heads, count, width},
                new long[] {heads * headStride, headStride, width, 1},
                headStride * heads * slot + (long) first * width,
                'c',
                store.dataType());
    }

    @Override
    public void close() {
        keys.close();
        values.close();
    }
}
