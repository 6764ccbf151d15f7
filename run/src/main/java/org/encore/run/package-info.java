/**
 * Runs every training: the loop, and what a run leaves behind.
 *
 * <p>Read first: {@link org.encore.run.TrainingLoop}, then {@link org.encore.run.Training}, then
 * {@link org.encore.run.RunDirectory}.
 *
 * <p>Invariants: a fresh run never writes over another; a resumed run has the weights, moments and metrics of an uninterrupted
 * one; a checkpoint is complete or not there; time comes from a {@link java.time.Clock}. Nothing here prints.
 *
 * <p>To change when a checkpoint is written, what happens after a divergence or how a run resumes, change
 * {@link org.encore.run.TrainingLoop}. To add a training, implement {@link org.encore.run.Training}. To change where something
 * is written, change {@link org.encore.run.RunDirectory}: names stand only there.
 */
package org.encore.run;
