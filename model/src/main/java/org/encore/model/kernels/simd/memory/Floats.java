package org.encore.model.kernels.simd.memory;

import static java.lang.invoke.MethodHandles.insertArguments;
import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Optional;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.bytedeco.javacpp.FloatPointer;

/**
 * 32-bit numbers outside of the heap, as vectors or one by one. The only class that accesses them.
 *
 * <p>Vectors are read and written through direct buffers in Java 17, and through memory segments in Java 21 and later, whose
 * vectors know no buffers. The code is compiled for Java 17, which has no such segments: there they are behind constant method
 * handles, which the compiler of the JVM inlines like calls.
 *
 * <p>One vector must fit after the last number: parts are read as whole vectors.
 */
public final class Floats {
    /** The longest vectors of this processor. */
    public static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    /** Numbers in a vector. */
    public static final int LANES = SPECIES.length();

    /** The order of bytes in memory. */
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    /** Whether this Java's vectors reach memory through segments: it is newer than 17. */
    public static final boolean SEGMENTS = Segments.USED;

    private static final int MOST = Integer.MAX_VALUE / Float.BYTES - LANES;

    private final ByteBuffer bytes;
    private final FloatBuffer floats;
    /** The same memory as a {@code java.lang.foreign.MemorySegment}; null in Java 17. */
    private final Object segment;

    private final float[] part = new float[LANES];

    /** The {@code count} numbers at an address. */
    public Floats(long address, long count) {
        if (count > MOST) {
            throw new IllegalArgumentException(
                    "a tensor of " + count + " elements is too large for SIMD kernels: they reach " + MOST);
        }
        this.bytes = new Place(address, count + LANES).asByteBuffer();
        this.floats = bytes.asFloatBuffer();
        this.segment = SEGMENTS ? Segments.of(bytes) : null;
    }

    /** What the vectors of this Java lack to be used here; empty if nothing. */
    public static Optional<String> obstacle() {
        return Segments.OBSTACLE;
    }

    /** Vectors of memory segments, by reflection: Java 17 has none. */
    private static final class Segments {
        static final boolean USED;
        static final Optional<String> OBSTACLE;
        /** (segment, byte offset) to vector; (vector, segment, byte offset) to nothing. */
        static final MethodHandle LOAD;

        static final MethodHandle STORE;
        private static final MethodHandle OF_BUFFER;

        static {
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            boolean used = false;
            MethodHandle load = null;
            MethodHandle store = null;
            MethodHandle ofBuffer = null;
            Optional<String> obstacle = Optional.empty();
            try {
                lookup.findVirtual(
                        FloatVector.class,
                        "intoByteBuffer",
                        methodType(void.class, ByteBuffer.class, int.class, ByteOrder.class));
            } catch (ReflectiveOperationException java17Only) {
                try {
                    Class<?> segment = Class.forName("java.lang.foreign.MemorySegment");
                    ofBuffer = lookup.findStatic(segment, "ofBuffer", methodType(segment, Buffer.class))
                            .asType(methodType(Object.class, ByteBuffer.class));
                    load = lookup.findStatic(
                            FloatVector.class,
                            "fromMemorySegment",
                            methodType(FloatVector.class, VectorSpecies.class, segment, long.class, ByteOrder.class));
                    load = insertArguments(insertArguments(load, 3, ORDER), 0, SPECIES)
                            .asType(methodType(FloatVector.class, Object.class, long.class));
                    store = lookup.findVirtual(
                            FloatVector.class,
                            "intoMemorySegment",
                            methodType(void.class, segment, long.class, ByteOrder.class));
                    store = insertArguments(store, 3, ORDER)
                            .asType(methodType(void.class, FloatVector.class, Object.class, long.class));
                    used = true;
                } catch (ReflectiveOperationException e) {
                    obstacle = Optional.of("the vectors of Java "
                            + Runtime.version().feature() + " reach neither buffers nor memory segments");
                }
            }
            USED = used;
            LOAD = load;
            STORE = store;
            OF_BUFFER = ofBuffer;
            OBSTACLE = obstacle;
        }

        static Object of(ByteBuffer bytes) {
            try {
                return (Object) OF_BUFFER.invokeExact(bytes);
            } catch (Throwable e) {
                throw failure(e);
            }
        }

        /** The handles call what declares no checked exception. */
        static RuntimeException failure(Throwable e) {
            if (e instanceof Error error) {
                throw error;
            }
            return (RuntimeException) e;
        }
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

    /** A vector from an index on. */
    public FloatVector load(int index) {
        if (!SEGMENTS) {
            return FloatVector.fromByteBuffer(SPECIES, bytes, index << 2, ORDER);
        }
        try {
            return (FloatVector) Segments.LOAD.invokeExact(segment, (long) index << 2);
        } catch (Throwable e) {
            throw Segments.failure(e);
        }
    }

    /** Writes a whole vector. */
    public void store(int index, FloatVector values) {
        if (!SEGMENTS) {
            values.intoByteBuffer(bytes, index << 2, ORDER);
            return;
        }
        try {
            Segments.STORE.invokeExact(values, segment, (long) index << 2);
        } catch (Throwable e) {
            throw Segments.failure(e);
        }
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
