package org.encore.cluster;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.encore.trainer.finetuning.ShardCluster.Weights;
import org.encore.trainer.finetuning.ShardTask.Network;

/**
 * The weights of some networks on their way to executors: broadcasts of at most a chunk, each with a checksum. Spark passes their
 * blocks on from executor to executor.
 *
 * @param version of the weights; 0 for those that an executor has loaded itself
 * @param chunks none for version 0
 * @param sums checksum of each chunk
 * @param chunkElements elements of a chunk; the last may have fewer
 */
record SentWeights(long version, ArrayList<Broadcast<byte[]>> chunks, ArrayList<Long> sums, int chunkElements)
        implements Serializable {
    static long sum(byte[] bytes) {
        CRC32C sum = new CRC32C();
        sum.update(bytes);
        return sum.getValue();
    }

    /** What has been sent of each network, and is not out of date. */
    static final class Ledger {
        private final Map<Network, SentWeights> current = new EnumMap<>(Network.class);
        private final JavaSparkContext context;
        private final int chunkElements;

        Ledger(JavaSparkContext context, int chunkElements) {
            this.context = context;
            this.chunkElements = chunkElements;
        }

        /** The present weights, which are sent unless they are on their way already; those before are destroyed. */
        SentWeights of(Network network, Weights weights) {
            SentWeights known = current.get(network);
            long version = weights.version(network);
            if (known != null && known.version == version) {
                return known;
            }
            if (known != null) {
                known.chunks.forEach(Broadcast::destroy);
            }
            SentWeights fresh = new SentWeights(version, new ArrayList<>(), new ArrayList<>(), chunkElements);
            int all = version == 0 ? 0 : weights.trained(network);
            for (int from = 0; from < all; from += chunkElements) {
                byte[] bytes = weights.read(network, from, Math.min(chunkElements, all - from));
                fresh.sums.add(sum(bytes));
                fresh.chunks.add(context.broadcast(bytes));
            }
            current.put(network, fresh);
            return fresh;
        }

        /** Destroys what was sent of networks whose weights have changed since. */
        void destroyOutdated(Weights weights) {
            List<Network> outdated = current.entrySet().stream()
                    .filter(each -> each.getValue().version != weights.version(each.getKey()))
                    .map(Map.Entry::getKey)
                    .toList();
            outdated.forEach(network -> current.remove(network).chunks.forEach(Broadcast::destroy));
        }
    }
}
