package org.encore.model.kernels.simd.vectors;

import static org.encore.model.kernels.simd.memory.Floats.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Two int16 numbers in 32 bits; several numbers share one scale.
 *
 * <p>The upper one is rounded so that the whole integer, not cut, is nearest to it times 2^16; so is the lower one after a shift
 * to the left. Reading both takes one shift and two conversions; the scale of both is that of {@link #scale}.
 */
public final class Halves {
    /** Integers, as many lanes as {@code SPECIES}. */
    public static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, SPECIES.vectorShape());

    private static final float LARGEST = 32767f;
    private static final float UNIT = 65536f;
    /** The bits of the lower half. */
    public static final int LOWER = 0xffff;

    private static final int MAGNITUDE = 0x7fffffff;
    /** Adding it rounds to an integer in the lowest bits. */
    private static final float ROUNDING = 12582912f;
    /** Rows whose numbers are all below it become zeros: their scale would not be a normal number. */
    private static final float LEAST = 1e-28f;

    private Halves() {}

    /** The factor after {@link #lower} and {@link #upper} if {@code largest} is the largest number. */
    public static float scale(float largest) {
        return largest / (LARGEST * UNIT);
    }

    /** The factor before {@link #low} and {@link #high}. */
    public static float inverse(float largest) {
        return largest > LEAST ? LARGEST / largest : 0f;
    }

    /** The lower half, with nothing in the upper one. */
    public static int low(float scaled) {
        return Float.floatToRawIntBits(scaled + ROUNDING) & LOWER;
    }

    /** The upper half beside a lower one. */
    public static int high(float scaled, int low) {
        return Float.floatToRawIntBits(scaled - low / UNIT + ROUNDING) << 16 | low;
    }

    /** Largest magnitude; NaN if one is. */
    public static float largest(float[] x, int from, int count) {
        int bits = 0;
        for (int i = from; i < from + count; i++) {
            // Magnitudes are ordered as their bits are, with NaN above all.
            bits = Math.max(bits, Float.floatToRawIntBits(x[i]) & MAGNITUDE);
        }
        return Float.intBitsToFloat(bits);
    }

    /** The lower halves, to be multiplied by the scale. */
    public static FloatVector lower(IntVector both) {
        return (FloatVector) both.lanewise(VectorOperators.LSHL, 16).convert(VectorOperators.I2F, 0);
    }

    /** The upper halves, to be multiplied by the scale. */
    public static FloatVector upper(IntVector both) {
        return (FloatVector) both.convert(VectorOperators.I2F, 0);
    }
}
