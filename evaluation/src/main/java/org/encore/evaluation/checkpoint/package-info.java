/**
 * A checkpoint ready to be measured: weights, tokenizer and buffers in every shard.
 *
 * <p>Read first: {@link org.encore.evaluation.checkpoint.OpenCheckpoint}.
 *
 * <p>Invariants: one checkpoint has shards of its own, so that closing it frees all that it took; measuring changes nothing.
 *
 * <p>To measure something new about a checkpoint, take what you need from {@code OpenCheckpoint} and keep it there.
 */
package org.encore.evaluation.checkpoint;
