package org.encore.model.encodec;

import java.util.concurrent.atomic.AtomicInteger;
import org.encore.model.kernels.Kernels;
import org.encore.model.parallel.Shards;

/**
 * Runs the two halves of a codec side by side: what goes on from step to step, on the first shard, and independent windows, on
 * whatever shard is free. Which shard computes a window does not change it.
 */
final class Chunks {
    private final Shards shards;
    private final AtomicInteger next = new AtomicInteger();

    Chunks(Shards shards) {
        this.shards = shards;
    }

    /** Computes one of the windows of a turn. */
    interface WindowTask {
        void run(int shard, int window);
    }

    /** The kernels of a shard. */
    Kernels kernels(int shard) {
        return shards.kernels(shard);
    }

    /** One turn: the sequential task once, and every window. */
    void run(Runnable sequential, int windows, WindowTask task) {
        next.set(0);
        shards.each(shard -> {
            if (shard == 0) {
                sequential.run();
            }
            for (int window = next.getAndIncrement(); window < windows; window = next.getAndIncrement()) {
                task.run(shard, window);
            }
        });
    }
}
