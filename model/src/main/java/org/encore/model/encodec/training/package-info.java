/**
 * What a neural codec learns by: first weights, codebooks as moving averages, losses and their gradients, and the directory that is
 * written.
 *
 * <p>Read first: {@link org.encore.model.encodec.training.CodecPass}, then {@link
 * org.encore.model.encodec.training.CodebookLearning}.
 *
 * <p>Letters: B clips, T samples of a clip, F frames of a clip, H the width of a latent frame, K codebooks of N codes.
 *
 * <p>Invariants: the codebooks have no gradient and change only in {@link
 * org.encore.model.encodec.training.CodebookLearning}, on one thread, frame by frame in the order of the clips; a pass changes no
 * weight.
 *
 * <p>To change a loss, change {@link org.encore.model.encodec.training.CodecLoss}; what layers there are is said in {@link
 * org.encore.model.encodec.LayerSpec}.
 */
package org.encore.model.encodec.training;
