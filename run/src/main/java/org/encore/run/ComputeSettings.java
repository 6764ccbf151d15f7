package org.encore.run;

import org.encore.base.settings.Checks;
import org.encore.model.memory.MemoryBudget.Checkpointing;

/**
 * How the work of a training is spread.
 *
 * @param shards parts of a batch that are computed side by side; results depend on it, so keep it to compare runs
 * @param microBatch the most sequences of one pass: memory against speed; results differ by rounding
 * @param activationCheckpointing whether backward passes compute activations again: far less memory, about a third more work,
 *     the same bits
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
}
