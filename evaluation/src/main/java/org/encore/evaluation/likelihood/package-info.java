/**
 * Likelihood of held-out pieces under a model.
 *
 * <p>Read first: {@link org.encore.evaluation.likelihood.Likelihood}; then {@link
 * org.encore.evaluation.likelihood.CodeModel}, which gives the log-probability of each code. Losses are in nats per
 * code. Axes: K codebooks, F frames, B sequences of a micro-batch, T steps.
 *
 * <p>Invariants: pieces are scored with their captions unless a {@link
 * org.encore.evaluation.likelihood.CodeModel.Protocol} excludes them; every code counts once, the end code included.
 *
 * <p>To change which codes count, change {@link org.encore.model.decoding.CodeBatch}.
 */
package org.encore.evaluation.likelihood;
