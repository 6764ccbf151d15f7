package org.encore.model.kernels.simd.decoding;

import static org.encore.model.kernels.simd.memory.Floats.LANES;
import static org.encore.model.kernels.simd.memory.Floats.SPECIES;
import static org.encore.model.kernels.simd.vectors.Halves.INTS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import org.encore.model.kernels.DecodingKernels.CacheShape;
import org.encore.model.kernels.simd.vectors.Halves;

/**
 * Keys and values as {@link Halves}: for each slot keys {@code [H][blocks of 2 LANES steps][headWidth][LANES]}, where the lower
 * half of lane j is step j of the block and the upper half step j + LANES; values {@code [H][capacity][blocks of 2 LANES
 * elements][LANES]} likewise. Each head's key of a step has its own scale, and so has its value: {@code [H][capacity, filled up
 * to whole blocks]}. Computes in 32 bits.
 */
final class HalfCache extends SlotCache {
    private static final int PAIR = 2 * LANES;

    private final int[][] keys;
    private final int[][] values;
    private final float[][] keyScales;
    private final float[][] valueScales;
    private final int keysOfHead;
    private final int valueStride;
    private final int scaleStride;

    HalfCache(CacheShape shape) {
        super(shape);
        valueStride = roundUp(shape.headWidth(), PAIR) / 2;
        scaleStride = roundUp(shape.capacity(), PAIR);
        keysOfHead = Math.multiplyExact(scaleStride / 2, shape.headWidth());
        keys = new int[shape.slots()][Math.multiplyExact(shape.heads(), keysOfHead)];
        values = new int[shape.slots()][Math.multiplyExact(shape.heads() * shape.capacity(), valueStride)];
        keyScales = new float[shape.slots()][shape.heads() * scaleStride];
        valueScales = new float[shape.slots()][shape.heads() * scaleStride];
    }

    @Override
    void store(int slot, int head, int position, float[] key, float[] value, int first) {
        float largest = Halves.largest(key, first, headWidth());
        float inverse = Halves.inverse(largest);
        keyScales[slot][head * scaleStride + position] = Halves.scale(largest);
        int step = position % PAIR;
        int[] k = keys[slot];
        int place = head * keysOfHead + (position - step) / 2 * headWidth() + step % LANES;
        for (int d = 0; d < headWidth(); d++) {
            float scaled = key[first + d] * inverse;
            // Steps come in order: the lower half is written first and overwrites an earlier sequence.
            k[place] = step < LANES ? Halves.low(scaled) : Halves.high(scaled, k[place] & Halves.LOWER);
            place += LANES;
        }
        storeValue(slot, head, position, value, first);
    }

    private void storeValue(int slot, int head, int position, float[] value, int first) {
        float largest = Halves.largest(value, first, headWidth());
        float inverse = Halves.inverse(largest);
        valueScales[slot][head * scaleStride + position] = Halves.scale(largest);
        int row = (head * capacity() + position) * valueStride;
        for (int i = 0; i < valueStride; i++) {
            int d = i / LANES * PAIR + i % LANES;
            int low = d < headWidth() ? Halves.low(value[first + d] * inverse) : 0;
            float high = d + LANES < headWidth() ? value[first + d + LANES] * inverse : 0;
            values[slot][row + i] = Halves.high(high, low);
        }
    }

    @Override
    void scores(int slot, int head, int length, float[] query, float[] scores) {
        int blockSize = headWidth() * LANES;
        int from = head * keysOfHead;
        int t = 0;
        for (; t < length - PAIR; t += 2 * PAIR) {
            twoBlocks(keys[slot], from, query, scores, t);
            from += 2 * blockSize;
        }
        if (t < length) {
            block(keys[slot], from, query, scores, t);
        }
        multiply(scores, keyScales[slot], head * scaleStride, length);
    }

    private void twoBlocks(int[] k, int from, float[] query, float[] scores, int to) {
        FloatVector low0 = FloatVector.zero(SPECIES);
        FloatVector high0 = low0;
        FloatVector low1 = low0;
        FloatVector high1 = low0;
        int width = headWidth();
        int next = from + width * LANES;
        for (int d = 0; d < width; d++) {
            FloatVector q = FloatVector.broadcast(SPECIES, query[d]);
            IntVector both0 = IntVector.fromArray(INTS, k, from + d * LANES);
            IntVector both1 = IntVector.fromArray(INTS, k, next + d * LANES);
            low0 = Halves.lower(both0).fma(q, low0);
            high0 = Halves.upper(both0).fma(q, high0);
            low1 = Halves.lower(both1).fma(q, low1);
            high1 = Halves.upper(both1).fma(q, high1);
        }
        low0.intoArray(scores, to);
        high0.intoArray(scores, to + LANES);
        low1.intoArray(scores, to + PAIR);
        high1.intoArray(scores, to + PAIR + LANES);
    }

    private void block(int[] k, int from, float[] query, float[] scores, int to) {
        FloatVector low = FloatVector.zero(SPECIES);
        FloatVector high = low;
        int width = headWidth();
        for (int d = 0; d < width; d++) {
            FloatVector q = FloatVector.broadcast(SPECIES, query[d]);
            IntVector both = IntVector.fromArray(INTS, k, from + d * LANES);
            low = Halves.lower(both).fma(q, low);
            high = Halves.upper(both).fma(q, high);
        }
        low.intoArray(scores, to);
        high.intoArray(scores, to + LANES);
    }

    /** {@code x[t] *= scales[from + t]}, up to the end of a block. */
    private static void multiply(float[] x, float[] scales, int from, int count) {
        for (int t = 0; t < count; t += LANES) {
            FloatVector scale = FloatVector.fromArray(SPECIES, scales, from + t);
            FloatVector.fromArray(SPECIES, x, t).mul(scale).intoArray(x, t);
        }
    }

    @Override
    void mix(int slot, int head, int length, float[] weights, float[] out) {
        multiply(weights, valueScales[slot], head * scaleStride, length);
        int first = head * capacity() * valueStride;
        int column = 0;
        for (; column <= valueStride - 2 * LANES; column += 2 * LANES) {
            twoPairs(values[slot], first + column, length, weights, out, 2 * column);
        }
        if (column < valueStride) {
            pair(values[slot], first + column, length, weights, out, 2 * column);
        }
    }

    private void twoPairs(int[] v, int from, int length, float[] weights, float[] out, int to) {
        FloatVector low0 = FloatVector.zero(SPECIES);
        FloatVector high0 = low0;
        FloatVector low1 = low0;
        FloatVector high1 = low0;
        int stride = valueStride;
        for (int t = 0; t < length; t++) {
            FloatVector w = FloatVector.broadcast(SPECIES, weights[t]);
            IntVector both0 = IntVector.fromArray(INTS, v, from + t * stride);
            IntVector both1 = IntVector.fromArray(INTS, v, from + t * stride + LANES);
            low0 = Halves.lower(both0).fma(w, low0);
            high0 = Halves.upper(both0).fma(w, high0);
            low1 = Halves.lower(both1).fma(w, low1);
            high1 = Halves.upper(both1).fma(w, high1);
        }
        low0.intoArray(out, to);
        high0.intoArray(out, to + LANES);
        low1.intoArray(out, to + PAIR);
        high1.intoArray(out, to + PAIR + LANES);
    }

    private void pair(int[] v, int from, int length, float[] weights, float[] out, int to) {
        FloatVector low = FloatVector.zero(SPECIES);
        FloatVector high = low;
        int stride = valueStride;
        for (int t = 0; t < length; t++) {
            FloatVector w = FloatVector.broadcast(SPECIES, weights[t]);
            IntVector both = IntVector.fromArray(INTS, v, from + t * stride);
            low = Halves.lower(both).fma(w, low);
            high = Halves.upper(both).fma(w, high);
        }
        low.intoArray(out, to);
        high.intoArray(out, to + LANES);
    }
}
