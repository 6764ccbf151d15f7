/**
 * Pretrained models: a checkpoint directory opened as one thing, with weights, tokenizer and codec.
 *
 * <p>Read first: {@link org.encore.model.pretrained.PretrainedModel}; then {@link
 * org.encore.model.pretrained.CheckpointInfo}, a look at a directory without loading weights, and {@link
 * org.encore.model.pretrained.Codecs}, the registry of codecs.
 *
 * <p>Invariants: {@code config.json} is read once for each opening; the codec always belongs to the model it comes with; a
 * model closes what it opened and nothing that was lent to it.
 *
 * <p>To add a codec, add a line to {@link org.encore.model.pretrained.Codecs}. What it needs of the checkpoint lies in the
 * directory that its factory gets.
 */
package org.encore.model.pretrained;
