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
        int block = head * keysOfHead + (position - step) / 2 * headWidth();
        for (int d = 0; d < headWidth(); d++) {
            put(keys[slot], block + d * LANES + step % LANES, step >= LANES, key[first + d]);
        }
        int row = (head * capacity() + position) * valueStride;
        for (int d = 0; d < headWidth(); d++) {
            int place = row + d / PAIR * LANES + d % LANES;
            put(values[slot], place, d % PAIR >= LANES, value[first + d]);
        }
    }

    private static void put(int[] target, int place, boolean upper, float value) {
        int bits = Float.floatToRawIntBits(value);
        // Adding just below half of the last place kept, and one more if that is odd, rounds to nearest even.
        int rounded = bits + 0x7fff + ((bits >>> 16) & 1);
        int other = target[place] & (upper ? ~UPPER : UPPER);
        target[place] = other | (upper ? rounded & UPPER : rounded >>> 16);
    }

    @Override
    void scores(int slot, int head, int length, float[] query, float[] scores) {
        int[] k = keys[slot];
        int from = head * keysOfHead;
        for (int t = 0; t < length; t += PAIR) {
            FloatVector low = FloatVector.zero(SPECIES);
            FloatVector high = low;
            for (int d = 0; d < headWidth(); d++) {
                FloatVector q = FloatVector.broadcast(SPECIES, query[d]);
                IntVector both = IntVector.fromArray(INTS, k, from + d * LANES);
                low = lower(both).fma(q, low);
                high = upper(both).fma(q, high);
            }
            low.intoArray(scores, t);
            high.intoArray(scores, t + LANES);
            from += headWidth() * LANES;
        }
    }

    @Override
    void mix(int slot, int head, int length, float[] weights, float[] out) {
        int[] v = values[slot];
        int first = head * capacity() * valueStride;
        for (int column = 0; column < valueStride; column += LANES) {
            FloatVector low = FloatVector.zero(SPECIES);
            FloatVector high = low;
            for (int t = 0; t < length; t++) {
                FloatVector w = FloatVector.broadcast(SPECIES, weights[t]);
                IntVector both = IntVector.fromArray(INTS, v, first + column + t * valueStride);
                low = lower(both).fma(w, low);
                high = upper(both).fma(w, high);
            }
            low.intoArray(out, 2 * column);
            high.intoArray(out, 2 * column + LANES);
        }
    }

    private static FloatVector lower(IntVector both) {
        return both.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
    }

    private static FloatVector upper(IntVector both) {
        return both.and(UPPER).reinterpretAsFloats();
    }
}
