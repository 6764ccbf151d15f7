/**
 * Generation of codes from a model, one step at a time, and the delay pattern between frames and steps.
 *
 * <p>Read first: {@link org.encore.model.decoding.CodeLayout} and {@link org.encore.model.decoding.DelayPattern}, then {@link org.encore.model.decoding.Generator}.
 *
 * <p>Axes: B sequences, K codebooks, F frames, T steps; {@code T = F + K - 1}. Log-probabilities are in nats.
 *
 * <p>Invariants: a sequence's randomness depends on its own stream alone, not on its neighbours in the batch; the
 * log-probabilities are those of the distribution that was sampled from.
 *
 * <p>To change the sampling of a code, change {@link org.encore.model.decoding.Generator.Sampler}.
 */
package org.encore.model.decoding;
