/**
 * Encore's EnCodec against LibTorch's operations, at the size of MusicGen's codec.
 *
 * <p>Read first: {@link org.encore.benchmarks.codec.CodecComparison}, how it is measured; then {@link
 * org.encore.benchmarks.codec.CodecSide} and its two implementations.
 *
 * <p>Invariants: both sides have the weights of {@link org.encore.benchmarks.codec.ReferenceCodec} and are checked to give the
 * same sound and codes before they are timed; each has a process of its own, and one computes at a time.
 *
 * <p>To measure another codec, change {@link org.encore.benchmarks.codec.ReferenceCodec}.
 */
package org.encore.benchmarks.codec;
