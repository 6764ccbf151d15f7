/**
 * How well a neural codec keeps sound: distances of decoded clips from the originals, use of the codebooks, bitrate and speed.
 *
 * <p>Read first: {@link org.encore.evaluation.codec.SoundDistances}, then {@link org.encore.evaluation.codec.CodecEvaluation}.
 *
 * <p>Invariants: original and decoded sound are compared sample by sample at the rate of the codec, so no distance depends on where a clip was
 * cut; the same clips give the same figures, times apart.
 *
 * <p>To add a distance, add it to {@link org.encore.evaluation.codec.SoundDistances}.
 */
package org.encore.evaluation.codec;
