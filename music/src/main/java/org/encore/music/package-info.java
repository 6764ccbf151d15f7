/**
 * Notes and pieces as immutable values.
 *
 * <p>Read first: {@link org.encore.music.Piece}, then {@link org.encore.music.Note}.
 *
 * <p>Legend: time is counted in ticks, twelve to a quarter note, from the start of the piece; tempo in quarter notes a
 * minute; pitch in MIDI keys (60 is middle C); loudness in MIDI velocities (1 to 127). Programs count from 0, as General
 * MIDI files do, not from 1, as its printed tables do; program 128 is the percussion kit.
 *
 * <p>Invariants: all types are immutable values; the notes of a piece are always in the order of
 * {@link org.encore.music.Note#compareTo}; a piece has one tempo and one metre.
 *
 * <p>To change the time grid, change {@link org.encore.music.Piece#TICKS_PER_QUARTER} together with the vocabulary of
 * {@code org.encore.music.codec}, which has codes for positions and durations; every trained model depends on both.
 */
package org.encore.music;
