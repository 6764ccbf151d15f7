package org.encore.model.kernels.simd;

import static org.encore.model.kernels.simd.Floats.LANES;
import static org.encore.model.kernels.simd.Floats.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.encore.model.kernels.DecodingKernels.CacheShape;

/**
 * Keys and values as the upper halves of 32 bits (bfloat16), rounded to nearest even, two in an integer: for each slot keys
 * {@code [H][blocks of 2 LANES steps][headWidth][LANES]}, where the lower half of lane j is step j of the block and the upper
 * half step j + LANES; values {@code [H][capacity][blocks of 2 LANES elements][LANES]} likewise. Computes in 32 bits.
 */
final class HalfCache extends SlotCache {
    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, SPECIES.vectorShape());
    private static final int UPPER = 0xffff0000;
    private static final int PAIR = 2 * LANES;

    private final int[][] keys;
    private final int[][] values;
    private final int keysOfHead;
    private final int valueStride;

    HalfCache(CacheShape shape) {
        super(shape);
        valueStride = roundUp(shape.headWidth(), PAIR) / 2;
        keysOfHead = Math.multiplyExact(roundUp(shape.capacity(), PAIR) / 2, shape.headWidth());
        keys = new int[shape.slots()][Math.multiplyExact(shape.heads(), keysOfHead)];
        values = new int[shape.slots()][Math.multiplyExact(shape.heads() * shape.capacity(), valueStride)];
    }

    @Override
    void store(int slot, int head, int position, float[] key, float[] value, int first) {
        int step = position % PAIR;
        int[] k = keys[slot];
        int place = head * keysOfHead + (position - step) / 2 * headWidth() + step % LANES;
        for (int d = 0; d < headWidth(); d++) {
            int rounded = rounded(key[first + d]);
            // Steps come in order: the lower half is written first, over what another sequence left.
            k[place] = step < LANES ? rounded >>> 16 : k[place] | (rounded & UPPER);
            place += LANES;
        }
        storeValue(values[slot], (head * capacity() + position) * valueStride, value, first);
    }

    private void storeValue(int[] target, int row, float[] value, int first) {
        for (int i = 0; i < valueStride; i++) {
            int d = i / LANES * PAIR + i % LANES;
            int low = d < headWidth() ? rounded(value[first + d]) >>> 16 : 0;
            int high = d + LANES < headWidth() ? rounded(value[first + d + LANES]) & UPPER : 0;
            target[row + i] = high | low;
        }
    }

    /** The upper half rounded; the lower half is to be cut off. */
    private static int rounded(float value) {
        int bits = Float.floatToRawIntBits(value);
        // Adding just below half of the last place kept, and one more if that is odd, rounds to nearest even.
        return bits + 0x7fff + ((bits >>> 16) & 1);
    }

    @Override
    void scores(int slot, int head, int length, float[] query, float[] scores) {
        int from = head * keysOfHead;
        for (int t = 0; t < length; t += PAIR) {
            block(keys[slot], from, query, scores, t);
            from += headWidth() * LANES;
        }
    }

    private void block(int[] k, int from, float[] query, float[] scores, int to) {
        FloatVector low = FloatVector.zero(SPECIES);
        FloatVector high = FloatVector.zero(SPECIES);
        int width = headWidth();
        for (int d = 0; d < width; d++) {
            FloatVector q = FloatVector.broadcast(SPECIES, query[d]);
            IntVector both = IntVector.fromArray(INTS, k, from + d * LANES);
            low = lower(both).fma(q, low);
            high = upper(both).fma(q, high);
        }
        low.intoArray(scores, to);
        high.intoArray(scores, to + LANES);
    }

    @Override
    void mix(int slot, int head, int length, float[] weights, float[] out) {
        int first = head * capacity() * valueStride;
        for (int column = 0; column < valueStride; column += LANES) {
            pair(values[slot], first + column, length, weights, out, 2 * column);
        }
    }

    private void pair(int[] v, int from, int length, float[] weights, float[] out, int to) {
        FloatVector low = FloatVector.zero(SPECIES);
        FloatVector high = FloatVector.zero(SPECIES);
        int stride = valueStride;
        for (int t = 0; t < length; t++) {
            FloatVector w = FloatVector.broadcast(SPECIES, weights[t]);
            IntVector both = IntVector.fromArray(INTS, v, from + t * stride);
            low = lower(both).fma(w, low);
            high = upper(both).fma(w, high);
        }
        low.intoArray(out, to);
        high.intoArray(out, to + LANES);
    }

    private static FloatVector lower(IntVector both) {
        return both.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
    }

    private static FloatVector upper(IntVector both) {
        return both.and(UPPER).reinterpretAsFloats();
    }
}
