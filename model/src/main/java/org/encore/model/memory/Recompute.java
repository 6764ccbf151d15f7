package org.encore.model.memory;

import java.util.List;
import org.encore.model.transformer.Storage;

/** Whether a backward pass computes activations again; the results have the same bits. */
public enum Recompute {
    /** Always. */
    TRUE,
    /** Never. */
    FALSE,
    /** Only if a run does not fit into memory otherwise. */
    AUTO;

    /** What is allowed, the fastest first. */
    public List<Storage> storages() {
        return switch (this) {
            case TRUE -> List.of(Storage.RECOMPUTED);
            case FALSE -> List.of(Storage.KEPT);
            case AUTO -> List.of(Storage.KEPT, Storage.RECOMPUTED);
        };
    }
}
