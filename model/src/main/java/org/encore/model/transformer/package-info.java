/**
 * MusicGen's architecture as explicit forward and backward passes: a T5 text encoder, a projection, and a decoder over K
 * codebooks with causal self-attention and cross-attention to the text.
 *
 * <p>Read first: {@link org.encore.model.transformer.MusicTransformer}, then
 * {@link org.encore.model.transformer.DecoderBlock}; what a checkpoint must hold is in
 * {@link org.encore.model.transformer.ParameterLayout}.
 *
 * <p>Axes: B sequences, T steps, N = B·T rows, S text tokens, D width of the decoder, E width of the text encoder, A width of all heads of the text encoder, I feed-forward width, H heads, K codebooks, V codes, P parameters. Log-probabilities are in nats.
 *
 * <p>Invariants: weights and gradients have the same layout, one flat vector each; with adapters the weights are frozen and shared, and the adapters are a second vector, with a gradient of its layout; a forward pass keeps in {@link org.encore.model.transformer.Activations} all that its backward pass reads; a model has no other state.
 *
 * <p>To change a layer, change its forward and backward side by side and run the finite-difference test; to add a head,
 * add its parameters to the layout and a class beside {@link org.encore.model.transformer.MusicTransformer}.
 */
package org.encore.model.transformer;
