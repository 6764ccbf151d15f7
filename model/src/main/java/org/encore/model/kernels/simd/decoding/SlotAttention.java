package org.encore.model.kernels.simd.decoding;

import static org.encore.model.kernels.simd.memory.Floats.LANES;
import static org.encore.model.kernels.simd.memory.Floats.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.encore.model.kernels.simd.memory.SimdTensor;
import org.encore.model.kernels.simd.vectors.Elementary;

/** Attention of one query a sequence over a cache. */
final class SlotAttention {
    /** Score of the padding of a block: its exponential is 0. */
    private static final float HIDDEN = -1e30f;

    private final RowExponentials exponentials = new RowExponentials();
    private float[] keys = new float[0];
    private float[] values = new float[0];
    private float[] query = new float[0];
    private float[] scores = new float[0];
    private float[] mixed = new float[0];

    void append(SlotCache cache, int[] slots, SimdTensor k, SimdTensor v) {
        int width = cache.heads() * cache.headWidth();
        keys = sized(keys, width);
        values = sized(values, width);
        for (int row = 0; row < slots.length; row++) {
            k.floats().read(row * k.stride(), keys, 0, width);
            v.floats().read(row * v.stride(), values, 0, width);
            int position = cache.next(slots[row]);
            for (int head = 0; head < cache.heads(); head++) {
                cache.store(slots[row], head, position, keys, values, head * cache.headWidth());
            }
        }
    }

    void attend(SlotCache cache, float scale, int[] slots, SimdTensor q, SimdTensor out) {
        int width = cache.headWidth();
        query = sized(query, width);
        scores = sized(scores, cache.scorePlaces());
        mixed = sized(mixed, cache.outPlaces());
        for (int row = 0; row < slots.length; row++) {
            int length = cache.length(slots[row]);
            for (int head = 0; head < cache.heads(); head++) {
                q.floats().read(row * q.stride() + head * width, query, 0, width);
                for (int d = 0; d < width; d++) {
                    query[d] *= scale;
                }
                attend(cache, slots[row], head, length);
                out.floats().write(row * out.stride() + head * width, mixed, 0, width);
            }
        }
    }

    private void attend(SlotCache cache, int slot, int head, int length) {
        if (length == 0) {
            Arrays.fill(mixed, 0, cache.headWidth(), 0f);
            return;
        }
        cache.scores(slot, head, length, query, scores);
        int end = SlotCache.roundUp(length, LANES);
        Arrays.fill(scores, length, end, HIDDEN);
        float total = exponentials(end);
        cache.mix(slot, head, length, scores, mixed);
        for (int d = 0; d < cache.headWidth(); d++) {
            mixed[d] /= total;
        }
    }

    /** Turns the first {@code end} scores into exponentials of their distances from the largest; returns their sum. */
    private float exponentials(int end) {
        subtract(scores, end, max(scores, end));
        exponentials.run(scores, end);
        return sum(scores, end);
    }

    private static float max(float[] x, int end) {
        FloatVector largest = FloatVector.fromArray(SPECIES, x, 0);
        for (int i = LANES; i < end; i += LANES) {
            largest = largest.max(FloatVector.fromArray(SPECIES, x, i));
        }
        return largest.reduceLanes(VectorOperators.MAX);
    }

    private static void subtract(float[] x, int end, float offset) {
        for (int i = 0; i < end; i += LANES) {
            FloatVector.fromArray(SPECIES, x, i).sub(offset).intoArray(x, i);
        }
    }

    private static float sum(float[] x, int end) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int i = 0; i < end; i += LANES) {
            sum = sum.add(FloatVector.fromArray(SPECIES, x, i));
        }
        return Elementary.sum(sum);
    }

    private static float[] sized(float[] array, int size) {
        return array.length >= size ? array : new float[size];
    }
}
