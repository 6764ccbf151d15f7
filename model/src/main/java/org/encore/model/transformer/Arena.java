package org.encore.model.transformer;

import java.util.ArrayList;
import java.util.List;
import org.encore.model.kernels.Tensor;

/**
 * Storage for activations: allocated once at the largest sizes, handed out again, in the same order, as views for smaller
 * ones.
 */
final class Arena {
    private final Source source;
    private final List<Tensor> blocks = new ArrayList<>();
    private int next;
    private boolean sealed;

    /** Where storage comes from. */
    @FunctionalInterface
    interface Source {
        Tensor allocate(int rows, int columns);
    }

    Arena(Source source) {
        this.source = source;
    }

    /** Elements allocated. */
    long elements() {
        return blocks.stream().mapToLong(Tensor::size).sum();
    }

    /** Starts a new round of {@link #take}; after the first round nothing is allocated any more. */
    void rewind() {
        sealed = sealed || !blocks.isEmpty();
        next = 0;
    }

    /** The next block of the round. */
    Tensor take(int rows, int columns) {
        if (!sealed) {
            blocks.add(source.allocate(1, Math.multiplyExact(rows, columns)));
        }
        Tensor block = blocks.get(next++);
        if ((long) rows * columns > block.columns()) {
            throw new IllegalArgumentException(
                    "[" + rows + ", " + columns + "] does not fit into the " + block.columns()
                            + " elements that were reserved: the batch is larger than the capacity given at the start");
        }
        return block.slice(0, rows, columns);
    }
}
