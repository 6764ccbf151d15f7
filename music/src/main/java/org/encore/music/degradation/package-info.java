/**
 * Degrades music in known ways by known amounts: the training and test data of quality rewards.
 *
 * <p>Read first: {@link org.encore.music.degradation.Degradation}; then {@link
 * org.encore.music.degradation.MusicalDegradation} (on notes) and {@link
 * org.encore.music.degradation.AcousticDegradation} (on sound); {@link org.encore.music.degradation.Damage} combines several.
 *
 * <p>Legend: a strength lies in [0, 1]; the amount is what it means in the unit of the degradation: a share, dB, cents.
 * How strength becomes amount is our choice throughout.
 *
 * <p>Invariants: strength 0 changes nothing; the same stream gives the same result; with equal streams, a higher strength changes everything that a lower one changes, so that strengths can be compared on one clip.
 *
 * <p>To add a degradation: add a record to one of the two families, permit it there, and name it in {@link
 * org.encore.music.degradation.Degradation.Degradations}. Its effect on the ratings of simulated raters is defined with the raters.
 */
package org.encore.music.degradation;
