package org.encore.cluster;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.encore.cluster.ExecutorHost.Done;
import org.encore.trainer.finetuning.ShardCluster.Gradients;
import org.encore.trainer.finetuning.ShardHost;
import org.encore.trainer.finetuning.ShardTask.Network;
import scala.Tuple2;

/**
 * Adds large gradients on the executors: each cuts those of its shards into chunks, a chunk of all shards meets on one executor in
 * the order of the shards, and the sum goes to the driver, who so receives one gradient whatever the number of shards. If an executor
 * is lost, Spark runs those tasks again whose chunks went with it.
 */
final class GradientSums {
    /** Bytes of sums that come to the driver at a time. */
    private static final long AT_ONCE = 256L << 20;

    private GradientSums() {}

    /** Where a piece belongs: its chunk, and within it its shard. What a task answers is in a chunk after the last. */
    record Place(int chunk, int shard) implements Serializable {}

    /** A chunk is a partition. */
    static final class ByChunk extends Partitioner {
        private static final long serialVersionUID = 1L;
        private final int chunks;

        ByChunk(int chunks) {
            this.chunks = chunks;
        }

        @Override
        public int numPartitions() {
            return chunks + 1;
        }

        @Override
        public int getPartition(Object key) {
            return ((Place) key).chunk();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof ByChunk same && same.chunks == chunks;
        }

        @Override
        public int hashCode() {
            return chunks;
        }
    }

    /** The order of shards. */
    static final class InOrder implements Comparator<Place>, Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public int compare(Place a, Place b) {
            return a.chunk() != b.chunk()
                    ? Integer.compare(a.chunk(), b.chunk())
                    : Integer.compare(a.shard(), b.shard());
        }
    }

    /** Adds up the pieces of a chunk as they come; passes answers on. */
    private static Iterator<Object> summed(Iterator<Tuple2<Place, Object>> pieces) {
        List<Object> all = new ArrayList<>();
        while (pieces.hasNext()) {
            Object piece = pieces.next()._2();
            if (piece instanceof byte[] values && !all.isEmpty()) {
                ShardHost.add(values, (byte[]) all.get(0));
            } else {
                all.add(piece);
            }
        }
        return all.iterator();
    }

    /**
     * Runs tasks and adds up their gradients.
     *
     * @param pieces of all tasks, computed when asked for
     * @param chunks how many a gradient has
     * @return what each task answers, in the order of tasks
     */
    static <R> List<Done<R>> run(
            JavaPairRDD<Place, Object> pieces, int chunks, int chunkElements, Network network, Gradients gradients) {
        JavaRDD<Object> sums = pieces.repartitionAndSortWithinPartitions(new ByChunk(chunks), new InOrder())
                .mapPartitions(GradientSums::summed);
        try {
            List<Done<R>> answers = new ArrayList<>();
            for (Object each : sums.collectPartitions(new int[] {chunks})[0]) {
                answers.add(done(each));
            }
            if (answers.stream().anyMatch(each -> each.answer().failed().isPresent())) {
                return answers;
            }
            int atOnce = (int) Math.max(1, AT_ONCE / (4L * chunkElements));
            for (int from = 0; from < chunks; from += atOnce) {
                int[] some =
                        IntStream.range(from, Math.min(chunks, from + atOnce)).toArray();
                List<Object>[] parts = sums.collectPartitions(some);
                for (int i = 0; i < some.length; i++) {
                    gradients.write(network, some[i] * chunkElements, (byte[]) parts[i].get(0));
                }
            }
            return answers;
        } finally {
            sums.rdd().cleanShuffleDependencies(false);
        }
    }

    @SuppressWarnings("unchecked") // what the tasks have put there
    private static <R> Done<R> done(Object each) {
        return (Done<R>) each;
    }

    /** Adds up small gradients, which came with the answers. */
    static void add(List<? extends Done<?>> answers, Network network, Gradients gradients) {
        byte[] sum = null;
        for (Done<?> done : answers) {
            for (byte[] each : done.gradients()) {
                if (sum == null) {
                    sum = each;
                } else {
                    ShardHost.add(each, sum);
                }
            }
        }
        if (sum != null) {
            gradients.write(network, 0, sum);
        }
    }
}
