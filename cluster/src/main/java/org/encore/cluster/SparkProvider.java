package org.encore.cluster;

import org.encore.trainer.finetuning.ShardCluster;

/** Starts a {@link SparkCluster}. */
public final class SparkProvider implements ShardCluster.Provider {
    @Override
    public ShardCluster start(ShardCluster.Options options) {
        return SparkCluster.start(options);
    }
}
