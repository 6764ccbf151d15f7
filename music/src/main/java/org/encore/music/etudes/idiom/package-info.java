/**
 * What makes a style: its rhythms, progressions, scales, contours and registers, as tables.
 *
 * <p>Read first: {@code grooves.txt} and {@code progressions.txt} beside the classes, then
 * {@link org.encore.music.etudes.idiom.Idiom} and {@link org.encore.music.etudes.idiom.Melody}.
 *
 * <p>Legend: steps are places in the scale, 0 the tonic; degrees are chord roots, 0 to 6; ticks are twelve to a quarter
 * note; keys are MIDI keys.
 *
 * <p>Invariants: the laws at the head of {@code grooves.txt}, which a test checks.
 *
 * <p>To change a style, change its lines in the tables; to add one, add lines for both metres and all densities.
 */
package org.encore.music.etudes.idiom;
