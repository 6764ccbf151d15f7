/**
 * Says how much better each step was than expected: from rewards to advantages.
 *
 * <p>Read first: {@link org.encore.trainer.advantages.AdvantageEstimator}, then
 * {@link org.encore.trainer.advantages.AdvantageEstimator.ValueBaseline}, the one of the MusicRL paper.
 *
 * <p>Legend: as in {@link org.encore.trainer.steps}; {@code r} reward, {@code R} return, {@code V} value, {@code A}
 * advantage, all in units of reward; a group holds the samples of one prompt.
 *
 * <p>Invariants: advantages are neither centred nor rescaled unless the estimator's formula says so; that is the
 * business of {@link org.encore.trainer.advantages.AdvantageScale}. A sample ends with its last valid step, whether the
 * policy ended it or its budget did: no value is taken beyond it.
 *
 * <p>To change or add an estimator: add a record, permit it in {@code AdvantageEstimator}, give it {@code defaults()};
 * the test over sealed types then demands its check.
 */
package org.encore.trainer.advantages;
