package org.encore.model.kernels;

/** Keys and values of the steps decoded so far, for one attention layer. Belongs to the {@link Kernels} that made it. */
public abstract class KeyValueCache implements AutoCloseable {
    private final int capacity;
    private int length;

    /** A cache for up to {@code capacity} steps. */
    protected KeyValueCache(int capacity) {
        this.capacity = capacity;
    }

    /** Steps held. */
    public final int length() {
        return length;
    }

    public final int capacity() {
        return capacity;
    }

    /** Forgets every step; keeps the storage. */
    public final void reset() {
        length = 0;
    }

    /** Makes room for one more step and returns its position. */
    protected final int advance() {
        if (length == capacity) {
            throw new IllegalStateException("the key/value cache is full: it holds " + capacity + " steps");
        }
        return length++;
    }

    @Override
    public abstract void close();
}
