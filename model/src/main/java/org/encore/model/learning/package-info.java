/**
 * Gradients of a batch over all shards, and guarded updates, for every training.
 *
 * <p>Read first: {@link org.encore.model.learning.Learner}.
 *
 * <p>Axes: B sequences, T steps, N = B·T rows, K codebooks, V codes.
 *
 * <p>Invariants: micro-batches of one batch add up to the gradient of the whole batch; micro-batch j belongs to shard j modulo the number of shards, for every number of threads; a gradient that is not finite changes nothing.
 *
 * <p>To change a loss, write another {@link org.encore.model.learning.Learner.Loss}.
 */
package org.encore.model.learning;
