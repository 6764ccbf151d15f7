package org.encore.model.kernels.nd4j;

import org.bytedeco.javacpp.Pointer;

/** How much memory outside of the heap this process may take for tensors. */
public final class OffHeap {
    private OffHeap() {}

    /** The least of what JavaCPP allows and of what the machine has beside the largest heap; in bytes. */
    public static long limitBytes() {
        long heap = Runtime.getRuntime().maxMemory();
        long limit = Pointer.totalPhysicalBytes() - heap;
        if (Pointer.maxPhysicalBytes() > 0) {
            limit = Math.min(limit, Pointer.maxPhysicalBytes() - heap);
        }
        return Pointer.maxBytes() > 0 ? Math.min(limit, Pointer.maxBytes()) : limit;
    }
}
