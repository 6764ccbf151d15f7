package org.encore.model.learning;

import org.encore.model.decoding.CodeBatcher;
import org.encore.model.transformer.Activations;
import org.encore.model.transformer.MusicTransformer;

/**
 * What a micro-batch is worth, and its gradient.
 *
 * @param <R> what is kept of a micro-batch
 */
@FunctionalInterface
public interface Loss<R> {
    /** Called in the shard before the model's pass, while its workspace is free: the place to ask another model. */
    default void prepare(int shard, CodeBatcher.Part part) {}

    /**
     * Reads what the model put out and leaves the gradient of the loss in its place.
     *
     * @param shard the shard this runs in, for buffers of its own
     * @param part the micro-batch the model has just seen
     * @param model the model, in this shard
     * @param activations where its logits or scalars are
     */
    R gradient(int shard, CodeBatcher.Part part, MusicTransformer model, Activations activations);
}
