/**
 * Work on several cores: a batch is cut into shards, each with kernels of its own, and the results are put together in a
 * fixed order.
 *
 * <p>Read first: {@link org.encore.model.parallel.Shards}. Products of this size gain more from two shards at once than from
 * two threads inside each product, whose threads wait for each other at every operation.
 *
 * <p>Invariants: what a shard computes does not depend on the number of threads; shards share weights, which nobody
 * writes while they run, and nothing else.
 *
 * <p>To change how work is spread, change {@link org.encore.model.parallel.Shards}; the number of shards is part of a run's
 * configuration because sums depend on it, the number of threads is not.
 */
package org.encore.model.parallel;
