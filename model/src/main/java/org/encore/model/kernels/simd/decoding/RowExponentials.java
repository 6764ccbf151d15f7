package org.encore.model.kernels.simd.decoding;

import static org.encore.model.kernels.simd.memory.Floats.LANES;
import static org.encore.model.kernels.simd.memory.Floats.SPECIES;

import jdk.incubator.vector.FloatVector;
import org.encore.model.kernels.simd.vectors.Elementary;

/**
 * {@link Elementary#exp} in place on the heap, in two short loops, because Java 17 allocates objects in one long loop. Java's own exponential is unsuitable: its bits differ before and after compilation.
 */
final class RowExponentials {
    private float[] rounded = new float[0];
    private float[] remainder = new float[0];

    /** Changes the first {@code count} numbers, a multiple of the lanes. */
    void run(float[] x, int count) {
        if (rounded.length < count) {
            rounded = new float[count];
            remainder = new float[count];
        }
        split(x, rounded, remainder, count);
        join(x, rounded, remainder, count);
    }

    private static void split(float[] x, float[] rounded, float[] remainder, int count) {
        for (int i = 0; i < count; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i).max(Elementary.LEAST);
            FloatVector r = Elementary.rounded(v);
            r.intoArray(rounded, i);
            Elementary.remainder(v, r).intoArray(remainder, i);
        }
    }

    private static void join(float[] x, float[] rounded, float[] remainder, int count) {
        for (int i = 0; i < count; i += LANES) {
            FloatVector r = FloatVector.fromArray(SPECIES, remainder, i);
            Elementary.exp(FloatVector.fromArray(SPECIES, rounded, i), r)
                    .sub(Elementary.LEAST_EXP)
                    .intoArray(x, i);
        }
    }
}
