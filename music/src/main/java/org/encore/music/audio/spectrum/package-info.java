/**
 * Spectra of sound over time, the input of learned rewards.
 *
 * <p>Read first: {@link org.encore.music.audio.spectrum.SpectrumSettings}, then
 * {@link org.encore.music.audio.spectrum.Spectrograph}.
 *
 * <p>Legend: a frame is a window of samples, a band a range of frequencies; levels are in decibels, 0 is a sine of
 * amplitude 1.
 *
 * <p>Invariants: equal sound and settings give equal bits; no level lies below the floor, so that silence is finite; nothing is allocated per frame.
 *
 * <p>To change which frequencies bands cover, see {@code FilterBank}; to add an axis, add a constant to
 * {@link org.encore.music.audio.spectrum.SpectrumSettings.FrequencyScale}.
 */
package org.encore.music.audio.spectrum;
