/**
 * What profiles are worth: do they tell a good checkpoint from a bad one, and a clean piece from a damaged one?
 *
 * <p>Read first: {@link org.encore.evaluation.study.StudyPlan}, then {@link org.encore.evaluation.study.Correlations} and
 * {@link org.encore.evaluation.study.DamageDetection}. The tables are in {@code docs/profiles.md}.
 *
 * <p>Invariants: the quality of a checkpoint is judged by the referee on samples that no reward saw here; what is chosen on
 * one half of checkpoints, pieces and prompts is reported on the other half.
 *
 * <p>To compare another figure with quality, add it to {@link org.encore.evaluation.study.Correlations.Predictor#of}; to change what
 * quality means, change {@link org.encore.evaluation.study.Quality} and nothing else.
 */
package org.encore.evaluation.study;
