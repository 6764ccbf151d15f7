package org.encore.model.kernels.simd.decoding;

import static org.encore.model.kernels.simd.memory.Floats.LANES;

import org.encore.model.kernels.DecodingKernels.CacheShape;
import org.encore.model.kernels.DecodingKernels.KeyValueCache;

/**
 * A cache laid out for vectors: keys with neighbouring steps in one vector, so that a score needs no horizontal sum; values with
 * neighbouring elements of one step in one vector.
 */
abstract class SlotCache extends KeyValueCache {
    private final int heads;
    private final int headWidth;

    SlotCache(CacheShape shape) {
        super(shape.slots(), shape.capacity());
        this.heads = shape.heads();
        this.headWidth = shape.headWidth();
    }

    static SlotCache of(CacheShape shape) {
        return switch (shape.packing()) {
            case FLOAT32 -> new FullCache(shape);
            case INT16 -> new HalfCache(shape);
        };
    }

    final int heads() {
        return heads;
    }

    final int headWidth() {
        return headWidth;
    }

    static int roundUp(int count, int unit) {
        return (count + unit - 1) / unit * unit;
    }

    /** Makes room for the next step of a sequence; returns its position. */
    final int next(int slot) {
        return advance(slot);
    }

    /** Elements that {@link #scores} writes: the capacity and the padding of the last block. */
    final int scorePlaces() {
        return roundUp(capacity(), 4 * LANES);
    }

    /** Elements of a head's output: its width and the padding of the last vector. */
    final int outPlaces() {
        return roundUp(headWidth, 2 * LANES);
    }

    /** Stores a head's key and value of one step, each from {@code first} on. */
    abstract void store(int slot, int head, int position, float[] keys, float[] values, int first);

    /** Products of a query with the keys of the first {@code length} steps; undefined from there to the end of a block. */
    abstract void scores(int slot, int head, int length, float[] query, float[] scores);

    /** Sum of the values of the first {@code length} steps, each times its weight; the weights are destroyed. */
    abstract void mix(int slot, int head, int length, float[] weights, float[] out);

    @Override
    public final void close() {
        // The garbage collector frees the heap.
    }
}
