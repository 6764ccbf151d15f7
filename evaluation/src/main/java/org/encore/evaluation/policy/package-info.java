/**
 * Evaluation of a policy on held-out prompts, by the rewards it is trained on and by the referee.
 *
 * <p>Read first: {@link org.encore.evaluation.policy.HeldOutEvaluation}.
 *
 * <p>Legend: the referee is a set of metrics computed by rules from notes, or, of models of sound, heard by
 * {@link org.encore.music.analysis.sound.SoundReferee}; they are not rewarded and so check the rewards (a gold metric in the
 * literature).
 *
 * <p>Invariants: the completion of prompt i always uses the same random stream, so that two checkpoints differ by their
 * weights alone.
 *
 * <p>To add a metric, add it to {@link org.encore.evaluation.policy.PolicyMetrics} and to the catalogue of metrics in
 * {@code org.encore.run.MetricCatalogue}.
 */
package org.encore.evaluation.policy;
