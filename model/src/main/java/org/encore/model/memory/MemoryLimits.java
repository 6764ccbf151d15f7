package org.encore.model.memory;

import org.encore.model.kernels.nd4j.OffHeap;

/**
 * How much memory there is.
 *
 * @param offHeapBytes for tensors
 * @param heapBytes for caches and packed weights
 */
public record MemoryLimits(long offHeapBytes, long heapBytes) {
    /** Share of the heap that what is planned may take; the rest is for everything else. */
    private static final double HEAP_SHARE = 0.8;

    /** This machine's: its memory, JavaCPP's limits and the largest heap. */
    public static MemoryLimits ofThisMachine() {
        return new MemoryLimits(
                OffHeap.limitBytes(), (long) (HEAP_SHARE * Runtime.getRuntime().maxMemory()));
    }
}
