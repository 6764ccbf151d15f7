package org.encore.model.encodec;

import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Tensor;

/** Memory of a layer: allocated when first used, viewed for fewer rows. */
final class Buffer {
    private final Kernels kernels;
    private final int columns;
    private int capacity;
    private Tensor flat;
    private Tensor last;

    /** Room for {@code capacity} rows. */
    Buffer(Kernels kernels, int capacity, int columns) {
        this.kernels = kernels;
        this.capacity = capacity;
        this.columns = columns;
    }

    /** Asks for more room, before the first use. */
    void reserve(int rows) {
        capacity = Math.max(capacity, rows);
    }

    /** Its first rows, with whatever they hold. */
    Tensor rows(int count) {
        if (last == null || last.rows() != count) {
            last = shaped(count, columns);
        }
        return last;
    }

    /** Its first elements as a matrix of any shape. */
    Tensor shaped(int rows, int width) {
        if (flat == null) {
            flat = kernels.allocate(1, Math.multiplyExact(capacity, columns));
        }
        if ((long) rows * width > flat.size()) {
            throw new IllegalArgumentException("a pass needs " + rows + " rows of " + width
                    + ", but its buffers were made for " + capacity + " of " + columns);
        }
        return flat.slice(0, rows, width);
    }
}
