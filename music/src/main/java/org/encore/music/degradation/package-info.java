/**
 * Spoils music in known ways by known amounts: what an ear for quality is trained and tested on.
 *
 * <p>Read first: {@link org.encore.music.degradation.Degradation}; then {@link
 * org.encore.music.degradation.MusicalDegradation} (on notes) and {@link
 * org.encore.music.degradation.AcousticDegradation} (on sound); {@link org.encore.music.degradation.Damage} is several at
 * once.
 *
 * <p>Legend: a strength lies in [0, 1]; the amount is what it means in the unit of the degradation: a share, dB, cents.
 * How strength becomes amount is our choice throughout.
 *
 * <p>Invariants: strength 0 gives back what came in; the same stream gives the same result; with equal streams, what a
 * lower strength spoils is spoilt at a higher one as well, so that strengths can be compared on one clip.
 *
 * <p>To add a degradation: add a record to one of the two families, permit it there, and name it in {@link
 * org.encore.music.degradation.Degradation.Degradations}. What raters think of it stands with the raters.
 */
package org.encore.music.degradation;
