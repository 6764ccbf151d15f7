/**
 * Renders notes to sound: timbres, percussion, reverberation and a limiter.
 *
 * <p>Read first: {@link org.encore.music.audio.synthesis.Orchestra}, then {@code Patch}, {@code VoiceRenderer} and
 * {@code DrumKit}. A timbre is a sum of layers; a layer is a loop (partials of the pitch, or noise) with an envelope. A
 * percussion stroke is rendered once per sample rate and copied.
 *
 * <p>Legend: time in seconds or samples, frequencies in Hz, levels as amplitudes where 1 is full scale before the
 * orchestra's common level.
 *
 * <p>Invariants: the same notes give the same bits, on every platform and in every thread (tables come from
 * {@link java.lang.StrictMath}, noise from {@link org.encore.base.random.RandomStreams}); nothing is allocated per
 * sample; all samples lie in [-1, 1].
 *
 * <p>To change a sound, change its layers in {@code StruckPatches}, {@code HeldPatches} or {@code DrumKit}, and listen;
 * to change which program has it, {@code Patches}. Rewards on sound were trained on the old one.
 */
package org.encore.music.audio.synthesis;
