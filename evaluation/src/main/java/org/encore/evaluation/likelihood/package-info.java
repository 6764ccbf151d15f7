/**
 * How probable a model finds pieces that it has not learned from.
 *
 * <p>Read first: {@link org.encore.evaluation.likelihood.Likelihood}. Losses are in nats a code.
 *
 * <p>Invariants: pieces are scored under their captions, every code once, the one that ends a piece included.
 *
 * <p>To change what counts as a code, change {@link org.encore.model.decoding.CodeBatch}.
 */
package org.encore.evaluation.likelihood;
