/**
 * Damages codes in one known place and leaves all others as they were.
 *
 * <p>Read first: {@link org.encore.evaluation.perturbation.Perturbation}; {@link
 * org.encore.evaluation.perturbation.Material} is what it draws from.
 *
 * <p>Axes: K codebooks, F frames. Levels are in dB of the root mean square, 0 dB being 1.
 *
 * <p>Invariants: codes outside of {@code [first, end)} of a {@link org.encore.evaluation.perturbation.Perturbation.Perturbed} are those
 * of the clean piece; what is drawn depends on the seed and the piece's number alone, and the codes drawn for a
 * short window begin those of a longer one.
 *
 * <p>To add a perturbation, permit a record in {@code Perturbation} and give it a name in {@link
 * org.encore.evaluation.perturbation.Perturbation.Perturbations}. Those of the waveform need a codec with a {@link
 * org.encore.music.codec.AudioCodec.WaveformEncoder}.
 */
package org.encore.evaluation.perturbation;
