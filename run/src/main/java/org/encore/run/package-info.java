/**
 * Runs every training: the loop, and the files of a run.
 *
 * <p>Read first: {@link org.encore.run.TrainingLoop}, then {@link org.encore.run.Training}, then
 * {@link org.encore.run.RunDirectory}.
 *
 * <p>Invariants: a new run never overwrites another; a resumed run has the weights, moments and metrics of an uninterrupted
 * one; a checkpoint is complete or absent; time comes from a {@link java.time.Clock}. Nothing here prints.
 *
 * <p>To change when a checkpoint is written, what happens after a divergence or how a run resumes, change
 * {@link org.encore.run.TrainingLoop}. To add a training, implement {@link org.encore.run.Training}. To change file names,
 * change {@link org.encore.run.RunDirectory}. To add a metric, add a line to {@code metrics.tsv}.
 */
package org.encore.run;
