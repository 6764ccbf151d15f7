package org.encore.model.encodec;

import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Tensor;

/** The last rows of a sequence that grows at its end and is forgotten at its beginning. */
final class History {
    private final Kernels kernels;
    private Tensor current;
    private Tensor spare;
    private int start;
    private int end;

    History(Kernels kernels, int capacity, int columns) {
        this.kernels = kernels;
        this.current = kernels.allocate(capacity, columns);
        this.spare = kernels.allocate(capacity, columns);
    }

    void clear() {
        start = 0;
        end = 0;
    }

    /** Rows appended so far. */
    int end() {
        return end;
    }

    void append(Tensor rows) {
        kernels.copy(rows, current.rowRange(end - start, rows.rows()));
        end += rows.rows();
    }

    /** The rows {@code [from, to)} of the sequence. */
    Tensor rows(int from, int to) {
        return current.rowRange(from - start, to - from);
    }

    /** Forgets the rows before an index. */
    void dropBefore(int index) {
        if (index <= start) {
            return;
        }
        if (index < end) {
            kernels.copy(rows(index, end), spare.rowRange(0, end - index));
        }
        Tensor old = current;
        current = spare;
        spare = old;
        start = index;
    }
}
