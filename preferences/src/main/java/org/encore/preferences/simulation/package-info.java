/**
 * Simulated raters: hidden tastes, noisy votes, and the pairs that they compare.
 *
 * <p>Read first: {@link org.encore.preferences.simulation.Simulation}, then
 * {@link org.encore.preferences.simulation.Population.Taste}; for ratings of several models {@link
 * org.encore.preferences.simulation.Judges}.
 *
 * <p>Legend: a utility is the value of a clip for a rater, in standard deviations of the clips that the scale was
 * fitted to; sharpness converts differences of utility to log-odds.
 *
 * <p>Invariants: listeners (training) and judges (evaluation) are different raters, so that no reward is measured by
 * the raters it was trained on; all clips of one prompt are on one side of the split; a vote depends on the seed, its
 * pair and its rater alone.
 *
 * <p>To change the criteria of raters, change {@link org.encore.preferences.simulation.Population.Taste}.
 */
package org.encore.preferences.simulation;
