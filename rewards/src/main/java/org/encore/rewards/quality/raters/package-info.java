/**
 * Simulated listeners who say how good damaged clips sound, on the scale of opinion scores from 1 to 5.
 *
 * <p>Nobody listened: what a clip is worth follows from what was done to it, by a curve that is our choice, and raters
 * differ from it at random. So an estimator that is trained on them can be no better than that curve, and whoever has
 * ratings of people should train on those.
 *
 * <p>Read first: {@link org.encore.rewards.quality.raters.OpinionCurve}, then {@link
 * org.encore.rewards.quality.raters.SimulatedRaters}; {@link org.encore.rewards.quality.raters.RatedClips} puts them
 * together.
 *
 * <p>Legend: an opinion is the mean that endlessly many raters would give, before rounding; a rating is what one said.
 *
 * <p>Invariants: damage never raises an opinion; ratings are whole numbers from 1 to 5 and a function of seed, clip and
 * opinion.
 *
 * <p>To change what raters mind, change {@code OpinionCurve}; how much they differ, {@code SimulatedRaters.Settings}.
 */
package org.encore.rewards.quality.raters;
