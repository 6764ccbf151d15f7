/**
 * Trains a preference model on votes: a network or a linear model of measures, measured on held-out votes.
 *
 * <p>Read first: {@link org.encore.preferences.training.NetworkTraining}, then
 * {@link org.encore.statistics.BradleyTerry}.
 *
 * <p>Legend: a bundle is a set of votes on few clips, which a network scores in one pass.
 *
 * <p>Invariants: held-out votes are used neither for training nor for the choice of settings.
 *
 * <p>To change the ablations of a network, change {@link org.encore.preferences.training.PreferenceLearner.Ablation}.
 */
package org.encore.preferences.training;
