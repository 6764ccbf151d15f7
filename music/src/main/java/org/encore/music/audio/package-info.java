/**
 * Holds sound as samples: renders it from pieces, reads sound files, writes WAV files.
 *
 * <p>Read first: {@link org.encore.music.audio.Waveform}, then {@link org.encore.music.audio.Synthesiser} and
 * {@link org.encore.music.audio.SoundFiles}, the one door for files.
 *
 * <p>Legend: one channel or several, of equal length; amplitudes in [-1, 1]; sample rates in samples a second.
 *
 * <p>Invariants: rendering a piece twice gives the same bits; a damaged file is refused in one line and never makes the
 * reader allocate more than the heap has room for, or run on without end.
 *
 * <p>To read another kind of file, add a decoder to {@code SoundDecoder} and its first bytes to {@link
 * org.encore.music.audio.SoundFiles}. To change how instruments sound, see {@link org.encore.music.audio.synthesis}.
 */
package org.encore.music.audio;
