/**
 * A procedural composer: endless short pieces whose captions are true by construction.
 *
 * <p>Read first: {@link org.encore.music.etudes.Etudes}; then {@code EtudePlan} (the decisions before the first note), {@code Composer} (the order of work) and {@code grooves.txt} (the rhythm of every style).
 *
 * <p>Legend: a step is a place in the scale, 0 the tonic, 7 the tonic an octave higher; a degree is a chord's root,
 * 0 to 6; ticks are twelve to a quarter note.
 *
 * <p>Invariants: an étude is a function of seed and index alone; it lasts 8 to 20 seconds, has at most 256 codes and is
 * its own quantised form; its captions are true of it.
 *
 * <p>To change how a style sounds, edit {@code grooves.txt}, {@code progressions.txt} or {@code Idiom}; the tests of
 * {@code org.encore.music.analysis} check that the analysis still recognises it.
 */
package org.encore.music.etudes;
