/**
 * What rewards that read sound are fed, for adherence and for quality alike: spectrograms of a window and what repeats in them.
 *
 * <p>Read first: {@link org.encore.rewards.features.AudioFeatures}, then {@code Harmony} and {@code Rhythm}.
 *
 * <p>Legend: levels lie in [0, 1], 1 is the loudest of the clip, 0 is 60 dB below it; a lag is a distance in time, in
 * frames; a pitch class is a band modulo twelve.
 *
 * <p>Invariants: louder and softer sound have the same features; every window has as many numbers, whatever the length of
 * its clip; the same sound gives the same bits.
 *
 * <p>To add a feature, add it to {@code WindowFeatures} and an input to {@code TowerSettings}.
 */
package org.encore.rewards.features;
