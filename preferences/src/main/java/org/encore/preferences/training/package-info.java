/**
 * Learns a reward from votes: pairs become comparisons of codes, a network or a few measures learn to order them, and
 * held-out pairs say how well.
 *
 * <p>Read first: {@link org.encore.preferences.training.NetworkTraining}, then
 * {@link org.encore.statistics.BradleyTerry}.
 *
 * <p>Legend: a bundle is votes on few clips that are read together.
 *
 * <p>Invariants: what is held out is never seen by a training, nor by a choice that a training makes.
 *
 * <p>To change what is left out of a network one at a time, change {@link org.encore.preferences.training.PreferenceLearner.Ablation}; where
 * figures and checkpoints go is the caller's business, through {@link org.encore.preferences.training.TrainingJournal}.
 */
package org.encore.preferences.training;
