package org.encore.model.kernels.nd4j;

import java.util.Arrays;
import org.encore.model.kernels.KeyValueCache;

/**
 * Keys and values on the heap, laid out for loops that the compiler turns into vector instructions: keys with time running
 * fastest, values with the width running fastest.
 */
final class HostCache extends KeyValueCache {
    private final int batch;
    private final int heads;
    private final int width;
    private final float[] keys;
    private final float[] values;
    private final float[] scores;

    HostCache(int batch, int heads, int width, int capacity) {
        super(capacity);
        this.batch = batch;
        this.heads = heads;
        this.width = width;
        int size = Math.multiplyExact(Math.multiplyExact(batch * heads, width), capacity);
        this.keys = new float[size];
        this.values = new float[size];
        this.scores = new float[capacity];
    }

    /** Stores one step and attends to all so far. @shape q, k, v and out {@code [B, H * width]}, rows without gaps */
    void attend(float[] q, float[] k, float[] v, float scale, float[] out) {
        int position = advance();
        for (int pair = 0; pair < batch * heads; pair++) {
            store(pair, position, k, v);
            score(pair, q, scale, position + 1);
            HostShortcuts.softmax(scores, 0, position + 1);
            mix(pair, position + 1, out);
        }
    }

    private void store(int pair, int position, float[] k, float[] v) {
        int first = pair * width;
        for (int d = 0; d < width; d++) {
            keys[(first + d) * capacity() + position] = k[first + d];
        }
        System.arraycopy(v, first, values, (pair * capacity() + position) * width, width);
    }

    private void score(int pair, float[] q, float scale, int length) {
        Arrays.fill(scores, 0, length, 0.0f);
        for (int d = 0; d < width; d++) {
            float factor = q[pair * width + d] * scale;
            int row = (pair * width + d) * capacity();
            for (int t = 0; t < length; t++) {
                scores[t] += factor * keys[row + t];
            }
        }
    }

    private void mix(int pair, int length, float[] out) {
        int first = pair * width;
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
