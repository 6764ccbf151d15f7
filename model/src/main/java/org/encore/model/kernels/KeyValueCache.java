package org.encore.model.kernels;

import java.util.Arrays;

/**
 * Keys and values of the steps decoded so far, for one attention layer and a number of sequences, each in a slot of its own.
 * Belongs to the {@link Kernels} that made it.
 */
public abstract class KeyValueCache implements AutoCloseable {
    private final int capacity;
    private final int[] lengths;

    /** A cache for up to {@code capacity} steps in each slot. */
    protected KeyValueCache(int slots, int capacity) {
        this.capacity = capacity;
        this.lengths = new int[slots];
    }

    /** Sequences at a time. */
    public final int slots() {
        return lengths.length;
    }

    /** The most steps of a sequence. */
    public final int capacity() {
        return capacity;
    }

    /** Steps held of the sequence in a slot. */
    public final int length(int slot) {
        return lengths[slot];
    }

    /** Forgets the sequence in a slot; keeps the storage. */
    public final void reset(int slot) {
        lengths[slot] = 0;
    }

    /** Forgets every sequence. */
    public final void reset() {
        Arrays.fill(lengths, 0);
    }

    /** Makes room for one more step of a sequence and returns its position. */
    protected final int advance(int slot) {
        if (lengths[slot] == capacity) {
            throw new IllegalStateException("the key/value cache is full: it holds " + capacity + " steps");
        }
        return lengths[slot]++;
    }

    @Override
    public abstract void close();
}
