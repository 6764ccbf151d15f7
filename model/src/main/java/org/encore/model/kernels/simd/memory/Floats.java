package org.encore.model.kernels.simd.memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.bytedeco.javacpp.FloatPointer;

/**
 * 32-bit numbers outside of the heap, as vectors or one by one. The only class that accesses them: through direct buffers, the way of Java 17.
 *
 * <p>One vector must fit after the last number: parts are read as whole vectors.
 */
public final class Floats {
    /** The longest vectors of this processor. */
    public static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    /** Numbers in a vector. */
    public static final int LANES = SPECIES.length();

    /** The order of bytes in memory. */
    public static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private static final int MOST = Integer.MAX_VALUE / Float.BYTES - LANES;

    private final ByteBuffer bytes;
    private final FloatBuffer floats;
    private final float[] part = new float[LANES];

    /** The {@code count} numbers at an address. */
    public Floats(long address, long count) {
        if (count > MOST) {
            throw new IllegalArgumentException(
                    "a tensor of " + count + " elements is too large for SIMD kernels: they reach " + MOST);
        }
        this.bytes = new Place(address, count + LANES).asByteBuffer();
        this.floats = bytes.asFloatBuffer();
    }

    /** An address that JavaCPP wraps as a buffer. */
    private static final class Place extends FloatPointer {
        Place(long address, long count) {
            this.address = address;
            this.limit = count;
            this.capacity = count;
        }
    }

    /** Masks of the first {@code count} lanes, for every count. */
    private static final class Masks {
        static final VectorMask<?>[] FIRST = new VectorMask<?>[LANES + 1];

        static {
            for (int count = 0; count <= LANES; count++) {
                FIRST[count] = VectorMask.fromLong(SPECIES, (1L << count) - 1);
            }
        }
    }

    /** The first {@code count} lanes. */
    @SuppressWarnings("unchecked") // the masks were made of this species
    public static VectorMask<Float> first(int count) {
        return (VectorMask<Float>) Masks.FIRST[count];
    }

    /** The buffer of the numbers, for loops in which the compiler would not inline {@link #store}. */
    public ByteBuffer bytes() {
        return bytes;
    }

    /** A vector from an index on. */
    public FloatVector load(int index) {
        return FloatVector.fromByteBuffer(SPECIES, bytes, index << 2, ORDER);
    }

    /** Writes a whole vector. */
    public void store(int index, FloatVector values) {
        values.intoByteBuffer(bytes, index << 2, ORDER);
    }

    /** Reads {@code count} numbers, fewer than a vector has; the other lanes are {@code filler}. */
    public FloatVector loadPart(int index, int count, float filler) {
        return FloatVector.broadcast(SPECIES, filler).blend(load(index), first(count));
    }

    /** Writes the first {@code count} lanes. */
    public void storePart(int index, int count, FloatVector values) {
        values.intoArray(part, 0);
        floats.put(index, part, 0, count);
    }

    /** One number. */
    public float get(int index) {
        return bytes.getFloat(index << 2);
    }

    /** Writes one number. */
    public void set(int index, float value) {
        bytes.putFloat(index << 2, value);
    }

    /** Copies numbers out. */
    public void read(int index, float[] target, int first, int count) {
        floats.get(index, target, first, count);
    }

    /** Copies numbers in. */
    public void write(int index, float[] source, int first, int count) {
        floats.put(index, source, first, count);
    }
}
