package org.encore.model.kernels.simd.rows;

import static org.encore.model.kernels.simd.memory.Floats.LANES;
import static org.encore.model.kernels.simd.memory.Floats.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.encore.model.kernels.Dropout;
import org.encore.model.kernels.simd.memory.Floats;
import org.encore.model.kernels.simd.memory.SimdTensor;

/** Dropout of whole vectors; decides as {@link Dropout#decision} does. */
public final class Dropping {
    private static final VectorSpecies<Integer> INTEGERS = VectorSpecies.of(int.class, SPECIES.vectorShape());

    private final IntVector low;
    private final IntVector high;
    private final int threshold;
    private final float factor;

    private Dropping(Dropout pattern) {
        this.low = IntVector.broadcast(INTEGERS, (int) pattern.seed()).addIndex(1);
        this.high = IntVector.broadcast(INTEGERS, (int) (pattern.seed() >>> Integer.SIZE));
        this.threshold = pattern.threshold();
        this.factor = (float) pattern.factor();
    }

    /** Drops from all elements. */
    public static void drop(Dropout pattern, SimdTensor x) {
        Dropping dropping = new Dropping(pattern);
        int rows = x.isContiguous() ? 1 : x.rows();
        int columns = Math.toIntExact(x.size() / rows);
        for (int row = 0; row < rows; row++) {
            dropping.drop(x.floats(), row * x.stride(), row * columns, columns);
        }
    }

    /** Drops from {@code count} numbers at an index; {@code element} is the first one's index in the pattern. */
    private void drop(Floats x, int index, int element, int count) {
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            x.store(index + i, dropped(x.load(index + i), element + i));
        }
        if (i < count) {
            x.storePart(index + i, count - i, dropped(x.load(index + i), element + i));
        }
    }

    private FloatVector dropped(FloatVector x, int element) {
        IntVector h = low.add(element);
        h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 16))
                .mul(0x7FEB352D);
        h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 15))
                .mul(0x846CA68B);
        h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 16))
                .add(high);
        h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 16))
                .mul(0x7FEB352D);
        h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 15))
                .mul(0x846CA68B);
        h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 16))
                .lanewise(VectorOperators.LSHR, 8);
        VectorMask<Float> out = h.compare(VectorOperators.LT, threshold).cast(SPECIES);
        return x.mul(factor).blend(0f, out);
    }
}
