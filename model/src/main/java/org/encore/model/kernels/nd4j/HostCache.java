package org.encore.model.kernels.nd4j;

import java.util.Arrays;
import org.encore.model.kernels.DecodingKernels.CacheShape;
import org.encore.model.kernels.KeyValueCache;

/**
 * Keys and values on the heap, laid out for loops that the compiler turns into vector instructions: keys with time running
 * fastest, values with the width running fastest. Always full width.
 */
final class HostCache extends KeyValueCache {
    private final int heads;
    private final int width;
    private final float[] keys;
    private final float[] values;
    private final float[] scores;

    HostCache(CacheShape shape) {
        super(shape.slots(), shape.capacity());
        this.heads = shape.heads();
        this.width = shape.headWidth();
        int size = Math.multiplyExact(Math.multiplyExact(shape.slots() * heads, width), shape.capacity());
        this.keys = new float[size];
        this.values = new float[size];
        this.scores = new float[shape.capacity()];
    }

    /** Width of all heads. */
    int rowWidth() {
        return heads * width;
    }

    /** Stores the next step of a sequence: its row of {@code k} and {@code v}. */
    void append(int slot, int row, float[] k, float[] v) {
        int position = advance(slot);
        for (int head = 0; head < heads; head++) {
            int first = row * rowWidth() + head * width;
            int pair = slot * heads + head;
            for (int d = 0; d < width; d++) {
                keys[(pair * width + d) * capacity() + position] = k[first + d];
            }
            System.arraycopy(v, first, values, (pair * capacity() + position) * width, width);
        }
    }

    /** Attends to all steps of a sequence with a row of queries. */
    void attend(int slot, int row, float[] q, float scale, float[] out) {
        int length = length(slot);
        for (int head = 0; head < heads; head++) {
            int first = row * rowWidth() + head * width;
            int pair = slot * heads + head;
            score(pair, first, q, scale, length);
            HostShortcuts.softmax(scores, 0, length);
            mix(pair, first, length, out);
        }
    }

    private void score(int pair, int first, float[] q, float scale, int length) {
        Arrays.fill(scores, 0, length, 0.0f);
        for (int d = 0; d < width; d++) {
            float factor = q[first + d] * scale;
            int row = (pair * width + d) * capacity();
            for (int t = 0; t < length; t++) {
                scores[t] += factor * keys[row + t];
            }
        }
    }

    private void mix(int pair, int first, int length, float[] out) {
        Arrays.fill(out, first, first + width, 0.0f);
        for (int t = 0; t < length; t++) {
            float weight = scores[t];
            int row = (pair * capacity() + t) * width;
            for (int d = 0; d < width; d++) {
                out[first + d] += weight * values[row + d];
            }
        }
    }

    @Override
    public void close() {
        // The heap is not ours to free.
    }
}
