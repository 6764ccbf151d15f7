/**
 * Listeners that do not exist: hidden tastes, votes with the noise of real ones, and the pairs they judge.
 *
 * <p>Read first: {@link org.encore.preferences.simulation.Simulation}, then
 * {@link org.encore.preferences.simulation.Population.Taste}.
 *
 * <p>Legend: a utility is what a rater thinks of a clip, in standard deviations of the clips that the tastes were set up
 * with; sharpness turns differences of utility into log-odds.
 *
 * <p>Invariants: raters of the training population and judges are different individuals, so that no reward is ever measured
 * by those it learned from; clips of one prompt are all on one side of the split; a vote depends on the seed, its pair and
 * its rater alone.
 *
 * <p>To change what raters like, change {@link org.encore.preferences.simulation.Population.Taste}.
 */
package org.encore.preferences.simulation;
