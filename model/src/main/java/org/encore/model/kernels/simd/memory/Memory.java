package org.encore.model.kernels.simd.memory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/** Off-heap memory: tensors that live until it is closed, and scratch that grows as needed. */
public final class Memory implements AutoCloseable {
    /** Tensors are aligned to cache lines, and one more line follows them. */
    private static final int LINE_BYTES = 64;

    private final List<FloatPointer> blocks = new ArrayList<>();
    private final Map<String, SimdTensor> scratch = new HashMap<>();

    /** A tensor of zeros. */
    public SimdTensor allocate(int rows, int columns) {
        long bytes = (long) rows * columns * Float.BYTES;
        FloatPointer block = new FloatPointer((bytes + 3 * LINE_BYTES) / Float.BYTES);
        Pointer.memset(block, 0, bytes + 3 * LINE_BYTES);
        blocks.add(block);
        long first = (block.address() + LINE_BYTES - 1) / LINE_BYTES * LINE_BYTES;
        return new SimdTensor(first, rows, columns, columns);
    }

    /** Bytes held, scratch included. */
    public long bytes() {
        return blocks.stream().mapToLong(FloatPointer::capacity).sum() * Float.BYTES;
    }

    /** A row of at least {@code size} numbers, with undefined content. */
    public SimdTensor scratch(String purpose, int size) {
        SimdTensor row = scratch.get(purpose);
        if (row == null || row.columns() < size) {
            row = allocate(1, size);
            scratch.put(purpose, row);
        }
        return row;
    }

    @Override
    public void close() {
        blocks.forEach(FloatPointer::deallocate);
        blocks.clear();
        scratch.clear();
    }
}
