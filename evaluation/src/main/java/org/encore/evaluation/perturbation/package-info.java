/**
 * Perturbations: damage the codes of one window and leave all others unchanged.
 *
 * <p>Read first: {@link org.encore.evaluation.perturbation.Perturbation}; {@link
 * org.encore.evaluation.perturbation.Material} holds the pieces.
 *
 * <p>Axes: K codebooks, F frames. Levels are in dB of the root mean square, 0 dB being 1.
 *
 * <p>Invariants: codes outside of {@code [first, end)} of a {@link
 * org.encore.evaluation.perturbation.Perturbation.Perturbed} are those of the clean piece; random draws depend on the
 * seed and the number of the piece alone, and the codes of a short window are a prefix of those of a longer one.
 *
 * <p>To add a perturbation, permit a record in {@code Perturbation} and give it a name in {@link
 * org.encore.evaluation.perturbation.Perturbation.Perturbations}. Those of the waveform need a codec with a {@link
 * org.encore.music.codec.AudioCodec.WaveformEncoder}.
 */
package org.encore.evaluation.perturbation;
