package org.encore.model.parallel;

import java.util.ArrayList;
import java.util.List;
import org.encore.model.transformer.MusicTransformer;

/** One replica of a model per shard: shared weights, each shard's own kernels. */
public final class Replicas {
    private final Shards shards;
    private final List<MusicTransformer> models = new ArrayList<>();

    /** Makes a replica for each shard; the first shard's is the model itself if it computes with that shard's kernels. */
    public Replicas(Shards shards, MusicTransformer model) {
        this.shards = shards;
        for (int i = 0; i < shards.count(); i++) {
            models.add(model.kernels() == shards.kernels(i) ? model : model.replica(shards.kernels(i)));
        }
    }

    public Shards shards() {
        return shards;
    }

    /** The replica of a shard. */
    public MusicTransformer model(int shard) {
        return models.get(shard);
    }

    /** The model, for use while no shard runs. */
    public MusicTransformer model() {
        return models.get(0);
    }
}
