/**
 * Audio features of the adherence and the quality reward: spectrograms of a window, its pitch classes and its rhythm.
 *
 * <p>Read first: {@link org.encore.rewards.features.AudioFeatures} and its {@code Harmony} and {@code Rhythm}.
 *
 * <p>Legend: levels lie in [0, 1], 1 is the loudest of the clip, 0 is 60 dB below it; a lag is a distance in time, in
 * frames; a pitch class is a band modulo twelve.
 *
 * <p>Invariants: features do not depend on loudness; all windows have equally many features; the same sound gives the
 * same bits.
 *
 * <p>To add a feature, add it to {@code WindowFeatures} and an input to {@code TowerSettings}.
 */
package org.encore.rewards.features;
