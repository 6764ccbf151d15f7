/**
 * Work on several cores: a batch is divided over shards, each with its own kernels, and the results are combined in a fixed order.
 *
 * <p>Read first: {@link org.encore.model.parallel.Shards}. Products of this size gain more from two shards at once than from
 * two threads inside each product, whose threads wait for each other at every operation.
 *
 * <p>Invariants: the results of a shard do not depend on the number of threads; shards share only the weights, which do not change while they run.
 *
 * <p>To change how work is spread, change {@link org.encore.model.parallel.Shards}; the number of shards is part of a run's
 * configuration because sums depend on it, the number of threads is not.
 */
package org.encore.model.parallel;
