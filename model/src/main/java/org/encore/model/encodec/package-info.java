/**
 * EnCodec: a neural codec of sound (Défossez et al. 2022), forward and backward on {@link org.encore.model.kernels.Kernels}.
 *
 * <p>Read first: {@link org.encore.model.encodec.LayerSpec}, the architecture as a list; then {@link
 * org.encore.model.encodec.SeaNet}, which runs it, and the layers, a file each: {@link
 * org.encore.model.encodec.Convolution}, {@link org.encore.model.encodec.TransposedConvolution}, {@link
 * org.encore.model.encodec.ResidualBlock}, {@link org.encore.model.encodec.Lstm}; {@link
 * org.encore.model.encodec.ResidualQuantiser} between encoder and decoder.
 *
 * <p>Axes: B sequences, T steps of the layer at hand (samples at one end, frames at the other), C channels; K codebooks by F
 * frames of codes. An activation is a matrix {@code [B·T, C]}, sequence by sequence: time runs down the rows.
 *
 * <p>Invariants: a net allocates buffers once, for the largest pass it was made for; weights are read-only in a forward pass and may be shared by nets of several threads, buffers may not.
 *
 * <p>EnCodec at 48 kHz, with group norm and a scale for each second of sound, is not here: no code tells the scale.
 *
 * <p>To change the architecture, change {@link org.encore.model.encodec.LayerSpec}; to read another layout, see {@link
 * org.encore.model.encodec.EncodecModel}; for a new kind of layer, add a {@link org.encore.model.encodec.Layer} and extend the finite-difference test.
 */
package org.encore.model.encodec;
