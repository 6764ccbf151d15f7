/**
 * Pretrained models: a checkpoint directory as one object, with weights, tokenizer and codec.
 *
 * <p>Read first: {@link org.encore.model.pretrained.PretrainedModel}; then {@link
 * org.encore.model.pretrained.CheckpointInfo}, the configuration without the weights, and {@link
 * org.encore.model.pretrained.Codecs}, the registry of codecs. {@link org.encore.model.pretrained.AudiocraftConversion} makes a
 * checkpoint of audiocraft's state dicts, {@link org.encore.model.pretrained.NewMusicGen} one of a new model and a codec, {@link org.encore.model.pretrained.RandomMusicGen} one with random weights, for
 * measuring.
 *
 * <p>Invariants: {@code config.json} is read once for each opening, and once more by a codec that it describes; the codec always belongs to the model it comes with; a model closes what it opened and nothing else.
 *
 * <p>To add a codec, add an entry to {@link org.encore.model.pretrained.Codecs}. It gets the directory of the checkpoint.
 */
package org.encore.model.pretrained;
