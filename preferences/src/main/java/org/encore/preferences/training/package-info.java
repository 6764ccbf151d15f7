/**
 * Learns a reward from votes: pairs become comparisons of codes, a network or a few measures learn to order them, and
 * held-out pairs say how well.
 *
 * <p>Read first: {@link org.encore.preferences.training.NetworkTraining}, then
 * {@link org.encore.preferences.training.PairLikelihood}.
 *
 * <p>Legend: the margin of a pair is the score of clip a minus that of clip b, in nats; figures are over strict votes unless
 * they say otherwise.
 *
 * <p>Invariants: exchanging the clips of a pair mirrors its gradient and changes no figure; what is held out is never seen
 * by a training, nor by a choice that a training makes.
 *
 * <p>To change what is minimised, change {@link org.encore.preferences.training.PairLikelihood}; where figures and
 * checkpoints go is the caller's business, through {@link org.encore.preferences.training.TrainingJournal}.
 */
package org.encore.preferences.training;
