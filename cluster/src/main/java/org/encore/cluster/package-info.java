/**
 * Carries the work of shards to the executors of Apache Spark.
 *
 * <p>Read first: {@link org.encore.cluster.SparkCluster}, which runs tasks; {@link org.encore.cluster.ExecutorHost}, which is there
 * on an executor; then {@link org.encore.cluster.SparkSettings}.
 *
 * <p>A task holds neighbouring logical shards, and an executor does one task at a time on all of its cores. The number of logical
 * shards is configuration, so results do not depend on the number of executors, and a task that was lost is done again elsewhere
 * with the same bits. Sums are taken in the order of shards, by whoever takes them.
 *
 * <p>Invariants: no other module sees Spark; jobs are plain ones over partitions, never barriers, so what was not lost is not
 * computed again; what would fail anywhere, such as a missing file, comes back as an answer and is not tried again.
 *
 * <p>To change what a task does, change {@link org.encore.trainer.finetuning.ShardTask}; to change how the bytes travel, change
 * {@link org.encore.cluster.SentWeights} and {@link org.encore.cluster.GradientSums}.
 */
package org.encore.cluster;
