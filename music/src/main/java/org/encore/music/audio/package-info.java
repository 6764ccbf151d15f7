/**
 * Holds sound as samples: renders it from pieces, reads and writes it as WAV files.
 *
 * <p>Read first: {@link org.encore.music.audio.Waveform}, then {@link org.encore.music.audio.Synthesiser} and
 * {@link org.encore.music.audio.WaveFiles}.
 *
 * <p>Legend: one channel or several, of equal length; amplitudes in [-1, 1]; sample rates in samples a second.
 *
 * <p>Invariants: rendering a piece twice gives the same bits; a damaged file is refused in one line and never makes the
 * reader allocate more than a small multiple of its size.
 *
 * <p>To change how instruments sound, see {@link org.encore.music.audio.synthesis}.
 */
package org.encore.music.audio;
