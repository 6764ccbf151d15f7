package org.encore.model.parallel;

import java.util.ArrayList;
import java.util.List;
import org.encore.model.transformer.Activations;
import org.encore.model.transformer.Activations.ActivationCheckpointing;
import org.encore.model.transformer.Activations.TextEncoding;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.ModelConfig;

/** Activations for every shard, shared by all models of one size. */
public final class Workspaces {
    private final List<Activations> activations = new ArrayList<>();
    private final BatchShape capacity;

    /** Allocates buffers without activation checkpointing. */
    public Workspaces(Shards shards, ModelConfig config, BatchShape capacity) {
        this(shards, config, capacity, ActivationCheckpointing.KEPT);
    }

    /** Allocates buffers of passes that may train the text encoder. */
    public Workspaces(Shards shards, ModelConfig config, BatchShape capacity, ActivationCheckpointing checkpointing) {
        this(shards, config, capacity, checkpointing, TextEncoding.TRAINED);
    }

    /** Allocates. */
    public Workspaces(
            Shards shards,
            ModelConfig config,
            BatchShape capacity,
            ActivationCheckpointing checkpointing,
            TextEncoding encoding) {
        this.capacity = capacity;
        for (int i = 0; i < shards.count(); i++) {
            activations.add(new Activations(shards.kernels(i), config, capacity, checkpointing, encoding));
        }
    }

    /** A shard's buffers. */
    public Activations of(int shard) {
        return activations.get(shard);
    }

    /** The largest pass that fits. */
    public BatchShape capacity() {
        return capacity;
    }
}
