/**
 * How probable a model finds pieces that it has not learned from.
 *
 * <p>Read first: {@link org.encore.evaluation.likelihood.Likelihood}; then {@link
 * org.encore.evaluation.likelihood.CodeModel}, which gives the log-probability of each code. Losses are in nats a code.
 *
 * <p>Invariants: pieces are scored under their captions unless a {@link org.encore.evaluation.likelihood.CodeModel.Protocol} says
 * otherwise, every code once, the one that ends a piece included.
 *
 * <p>To change what counts as a code, change {@link org.encore.model.decoding.CodeBatch}.
 */
package org.encore.evaluation.likelihood;
