package org.encore.run;

import org.encore.base.settings.Checks;
import org.encore.model.memory.MemoryBudget.Checkpointing;

/**
 * How a training run spreads its work over cores and memory.
 *
 * @param shards parts of a batch that are computed in parallel, each on its own replica; results depend on it by rounding, so
 *     keep it fixed between runs that are compared
 * @param microBatch most sequences in one forward and backward pass; more need more memory and are faster; results differ by
 *     rounding
 * @param activationCheckpointing whether backward passes recompute activations: far less memory, about a third more work,
 *     bit-identical results
 */
public record ComputeSettings(int shards, int microBatch, Checkpointing activationCheckpointing) {
    public ComputeSettings {
        Checks.atLeast("shards", shards, 1);
        Checks.atLeast("microBatch", microBatch, 1);
    }

    /** Two shards of eight sequences; activation checkpointing where memory demands it. */
    public static ComputeSettings defaults() {
        return new ComputeSettings(2, 8, Checkpointing.AUTO);
    }

    /**
     * Sequences in one pass where an update has so many in all: no more than {@code microBatch}, and few enough that every
     * shard has some.
     */
    public int microBatchFor(int sequences) {
        return Math.max(1, Math.min(microBatch, (sequences + shards - 1) / shards));
    }
}
