package org.encore.model.kernels.simd.decoding;

import static org.encore.model.kernels.simd.memory.Floats.LANES;
import static org.encore.model.kernels.simd.memory.Floats.SPECIES;

import jdk.incubator.vector.FloatVector;
import org.encore.model.kernels.DecodingKernels.CacheShape;

/**
 * Keys and values in 32 bits: for each slot keys {@code [H][blocks of LANES steps][headWidth][LANES]} and values {@code
 * [H][capacity][headWidth, filled up to whole vectors]}.
 */
final class FullCache extends SlotCache {
    private static final int BLOCKS_AT_ONCE = 4;

    private final float[][] keys;
    private final float[][] values;
    private final int keysOfHead;
    private final int valueStride;

    FullCache(CacheShape shape) {
        super(shape);
        valueStride = roundUp(shape.headWidth(), LANES);
        keysOfHead = Math.multiplyExact(roundUp(shape.capacity(), LANES), shape.headWidth());
        keys = new float[shape.slots()][Math.multiplyExact(shape.heads(), keysOfHead)];
        values = new float[shape.slots()][Math.multiplyExact(shape.heads() * shape.capacity(), valueStride)];
    }

    @Override
    void store(int slot, int head, int position, float[] key, float[] value, int first) {
        int lane = position % LANES;
        int block = head * keysOfHead + (position - lane) * headWidth();
        for (int d = 0; d < headWidth(); d++) {
            keys[slot][block + d * LANES + lane] = key[first + d];
        }
        System.arraycopy(value, first, values[slot], (head * capacity() + position) * valueStride, headWidth());
    }

    @Override
    void scores(int slot, int head, int length, float[] query, float[] scores) {
        int blocks = (length + LANES - 1) / LANES;
        int blockSize = headWidth() * LANES;
        int first = head * keysOfHead;
        int block = 0;
        for (; block <= blocks - BLOCKS_AT_ONCE; block += BLOCKS_AT_ONCE) {
            fourBlocks(keys[slot], first + block * blockSize, query, scores, block * LANES);
        }
        for (; block < blocks; block++) {
            oneBlock(keys[slot], first + block * blockSize, query, scores, block * LANES);
        }
    }

    private void fourBlocks(float[] k, int from, float[] query, float[] scores, int to) {
        int width = headWidth();
        int size = width * LANES;
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int d = 0; d < width; d++) {
            FloatVector q = FloatVector.broadcast(SPECIES, query[d]);
            int at = from + d * LANES;
            s0 = FloatVector.fromArray(SPECIES, k, at).fma(q, s0);
            s1 = FloatVector.fromArray(SPECIES, k, at + size).fma(q, s1);
            s2 = FloatVector.fromArray(SPECIES, k, at + 2 * size).fma(q, s2);
            s3 = FloatVector.fromArray(SPECIES, k, at + 3 * size).fma(q, s3);
        }
        s0.intoArray(scores, to);
        s1.intoArray(scores, to + LANES);
        s2.intoArray(scores, to + 2 * LANES);
        s3.intoArray(scores, to + 3 * LANES);
    }

    private void oneBlock(float[] k, int from, float[] query, float[] scores, int to) {
        FloatVector s = FloatVector.zero(SPECIES);
        for (int d = 0; d < headWidth(); d++) {
            FloatVector q = FloatVector.broadcast(SPECIES, query[d]);
            s = FloatVector.fromArray(SPECIES, k, from + d * LANES).fma(q, s);
        }
        s.intoArray(scores, to);
    }

    @Override
    void mix(int slot, int head, int length, float[] weights, float[] out) {
        int first = head * capacity() * valueStride;
        int column = 0;
        for (; column <= valueStride - 4 * LANES; column += 4 * LANES) {
            fourVectors(values[slot], first + column, length, weights, out, column);
        }
        for (; column < valueStride; column += LANES) {
            oneVector(values[slot], first + column, length, weights, out, column);
        }
    }

    private void fourVectors(float[] v, int from, int length, float[] weights, float[] out, int to) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int at = from;
        for (int t = 0; t < length; t++) {
            FloatVector w = FloatVector.broadcast(SPECIES, weights[t]);
            s0 = FloatVector.fromArray(SPECIES, v, at).fma(w, s0);
            s1 = FloatVector.fromArray(SPECIES, v, at + LANES).fma(w, s1);
            s2 = FloatVector.fromArray(SPECIES, v, at + 2 * LANES).fma(w, s2);
            s3 = FloatVector.fromArray(SPECIES, v, at + 3 * LANES).fma(w, s3);
            at += valueStride;
        }
        s0.intoArray(out, to);
        s1.intoArray(out, to + LANES);
        s2.intoArray(out, to + 2 * LANES);
        s3.intoArray(out, to + 3 * LANES);
    }

    private void oneVector(float[] v, int from, int length, float[] weights, float[] out, int to) {
        FloatVector s = FloatVector.zero(SPECIES);
        for (int t = 0; t < length; t++) {
            FloatVector w = FloatVector.broadcast(SPECIES, weights[t]);
            s = FloatVector.fromArray(SPECIES, v, from + t * valueStride).fma(w, s);
        }
        s.intoArray(out, to);
    }
}
