package org.encore.model.kernels.nd4j;

import org.encore.model.kernels.KeyValueCache;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Keys and values as {@code [B, H, capacity, width]}. */
final class NdCache extends KeyValueCache {
    private final int batch;
    private final int heads;
    private final int width;
    private final INDArray keys;
    private final INDArray values;

    NdCache(DataType type, int batch, int heads, int width, int capacity) {
        super(capacity);
        this.batch = batch;
        this.heads = heads;
        this.width = width;
        long size = (long) batch * heads * capacity * width;
        this.keys = Nd4j.create(type, size);
        this.values = Nd4j.create(type, size);
    }

    int batch() {
        return batch;
    }

    int heads() {
        return heads;
    }

    int rows() {
        return batch * heads;
    }

    /** Stores one step; returns the number of steps held. Shapes: k, v {@code [B, D]} */
    int append(NdTensor k, NdTensor v) {
        int position = advance();
        range(keys, position, 1).assign(k.heads(batch, heads));
        range(values, position, 1).assign(v.heads(batch, heads));
        return length();
    }

    /** {@code [B, H, length, width]}. */
    INDArray keys() {
        return range(keys, 0, length());
    }

    /** {@code [B, H, length, width]}. */
    INDArray values() {
        return range(values, 0, length());
    }

    private INDArray range(INDArray store, int first, int count) {
        long headStride = (long) capacity() * width;
        return Nd4j.create(
                store.data(),
                new long[] {batch, heads, count, width},
                new long[] {heads * headStride, headStride, width, 1},
                (long) first * width,
                'c',
                store.dataType());
    }

    @Override
    public void close() {
        keys.close();
        values.close();
    }
}
