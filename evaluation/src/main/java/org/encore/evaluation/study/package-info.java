/**
 * A study of profiles: do they predict the quality of checkpoints, and detect damaged pieces?
 *
 * <p>Read first: {@link org.encore.evaluation.study.StudyPlan}, then {@link org.encore.evaluation.study.Correlations}
 * and {@link org.encore.evaluation.study.DamageDetection}. The tables are in {@code docs/profiles.md}.
 *
 * <p>Invariants: the referee measures the quality of a checkpoint on other samples than those that the rewards score;
 * metrics chosen on one half of checkpoints, pieces and prompts are reported on the other half.
 *
 * <p>To compare another metric with quality, add it to {@link org.encore.evaluation.study.Correlations.Predictor#of};
 * to change the definition of quality, change {@link org.encore.evaluation.study.Quality}.
 */
package org.encore.evaluation.study;
