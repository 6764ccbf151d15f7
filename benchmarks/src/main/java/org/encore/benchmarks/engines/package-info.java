/**
 * The same decoder on Encore and on LibTorch, and the work that both are given.
 *
 * <p>Read first: {@link org.encore.benchmarks.engines.Engine}, then {@link org.encore.benchmarks.engines.Work}.
 *
 * <p>Axes: B sequences, T steps, N = B·T rows, D width, F feed-forward width, H heads, V codes. Codes are {@code [B][T]}: the
 * decoder has one codebook.
 *
 * <p>Invariants: both engines start from the weights of {@link org.encore.benchmarks.engines.ReferenceWeights}, see the same
 * codes and predict the same targets; neither updates its weights; what an engine does is the same for every repetition.
 *
 * <p>To change how Encore does the work, change the trainer or the model: {@link org.encore.benchmarks.engines.EncoreEngine}
 * only calls them. The peer is to be as fast as LibTorch allows; an improvement belongs into
 * {@link org.encore.benchmarks.engines.LibTorchDecoder}.
 */
package org.encore.benchmarks.engines;
