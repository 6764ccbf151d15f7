package org.encore.model.kernels.nd4j;

import org.bytedeco.javacpp.Pointer;

/** The limit of off-heap memory for tensors. */
public final class OffHeap {
    private OffHeap() {}

    /** In bytes: the minimum of JavaCPP's limit and of the machine's memory less the largest heap. */
    public static long limitBytes() {
        long heap = Runtime.getRuntime().maxMemory();
        long limit = Pointer.totalPhysicalBytes() - heap;
        if (Pointer.maxPhysicalBytes() > 0) {
            limit = Math.min(limit, Pointer.maxPhysicalBytes() - heap);
        }
        return Pointer.maxBytes() > 0 ? Math.min(limit, Pointer.maxBytes()) : limit;
    }
}
