/**
 * Training of a neural codec from scratch: sound, settings, the body of the training loop, the card of the result.
 *
 * <p>Read first: {@link org.encore.trainer.codec.CodecSettings}, then {@link org.encore.trainer.codec.CodecTraining}.
 *
 * <p>Invariants: a held-out recording is never trained on; the crops of a step depend on the seed and the step alone; gradients of
 * shards are added in the order of the shards and codebooks follow on one thread, so timing changes no bit.
 *
 * <p>To add a source of sound, add a record to {@link org.encore.trainer.codec.SoundSource}; what is computed in a pass is said in {@link
 * org.encore.model.encodec.training}.
 */
package org.encore.trainer.codec;
