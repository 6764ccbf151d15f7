/**
 * Reads and writes standard MIDI files.
 *
 * <p>Read first: {@link org.encore.music.midi.MidiFiles}, which says what of a file is kept.
 *
 * <p>Legend: a <em>pulse</em> is the file's own unit of time, with a resolution in pulses a quarter note; a tick is Encore's, twelve a quarter note. Channels count from 0, so the percussion channel is 9.
 *
 * <p>Invariants: reading what was written gives the same piece; no file, however damaged, makes the reader hang,
 * allocate more than a small multiple of its size, or fail with anything but one line.
 *
 * <p>To change what is kept of a file, add the event to the parser's {@code TrackParser} and its meaning to
 * {@code PieceAssembly}. Writing goes through {@code javax.sound.midi}; reading does not, because the reader of the JDK allocates any length that a damaged file claims.
 */
package org.encore.music.midi;
