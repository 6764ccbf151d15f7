package org.encore.model.transformer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.encore.model.kernels.Activation;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Tensor;

/**
 * T5's encoder: RMS normalisation, attention without scaling and with a learned bias by relative position, ReLU.
 *
 * <p>The bias by bucket is spread over pairs of positions by a product with a one-hot matrix, and gathered back by its
 * transpose, so that both directions have a fixed order of summation.
 */
final class TextEncoder {
    private final Kernels kernels;
    private final TextEncoderConfig config;
    private final Map<Integer, float[]> oneHot = new HashMap<>();

    TextEncoder(Kernels kernels, TextEncoderConfig config) {
        this.kernels = kernels;
        this.config = config;
    }

    /** Fills {@code a.states}. Shapes: ids {@code [B * S]} */
    void forward(TextWeights w, TextActivations a, int[] ids) {
        spreadBias(w, a);
        kernels.embed(new int[][] {ids}, List.of(w.embedding()), a.x);
        for (int i = 0; i < config.layers(); i++) {
            TextActivations.Block b = a.blocks.get(i);
            TextWeights.Block v = w.blocks().get(i);
            norm(a.x, v.norm(), b.norm());
            kernels.linear(b.norm().out(), v.qkv(), b.qkv());
            kernels.biasedAttention(a.attention, b.inputs(), a.validity, b.weights(), b.attended());
            kernels.addLinear(b.attended(), v.o(), a.x);
            norm(a.x, v.feedForwardNorm(), b.feedForwardNorm());
            kernels.linear(b.feedForwardNorm().out(), v.wi(), b.hidden());
            kernels.activation(Activation.RELU, b.hidden(), b.gated());
            kernels.addLinear(b.gated(), v.wo(), a.x);
        }
        norm(a.x, w.finalNorm(), a.states);
    }

    /** Adds to the gradient; {@code a.dy} holds that of the states on entry and is destroyed. */
    void backward(TextWeights w, TextWeights dw, TextActivations a, int[] ids) {
        kernels.fill(a.dx, 0.0);
        kernels.fill(a.dbias, 0.0);
        normGradient(a, w.finalNorm(), dw.finalNorm(), a.states);
        for (int i = config.layers() - 1; i >= 0; i--) {
            blockGradient(w.blocks().get(i), dw.blocks().get(i), a, a.blocks.get(i));
        }
        kernels.embedGradient(ids, a.dx, dw.embedding());
        int pairs = a.buckets.columns();
        kernels.addLinear(a.buckets, a.dbias.reshaped(config.heads(), pairs), dw.relativeBias());
    }

    private void blockGradient(TextWeights.Block w, TextWeights.Block dw, TextActivations a, TextActivations.Block b) {
        kernels.linearWeightGradient(a.dx, b.gated(), dw.wo());
        kernels.linearInputGradient(a.dx, w.wo(), a.dhidden);
        kernels.activationGradient(Activation.RELU, b.hidden(), a.dhidden);
        kernels.linearWeightGradient(a.dhidden, b.feedForwardNorm().out(), dw.wi());
        kernels.linearInputGradient(a.dhidden, w.wi(), a.dy);
        normGradient(a, w.feedForwardNorm(), dw.feedForwardNorm(), b.feedForwardNorm());

        kernels.linearWeightGradient(a.dx, b.attended(), dw.o());
        kernels.linearInputGradient(a.dx, w.o(), a.dattended);
        kernels.attentionGradient(a.attention, b.inputs(), b.weights(), a.dattended, a.dscores, a.dparts);
        kernels.attentionBiasGradient(a.attention, a.dscores, a.dbias);
        kernels.linearWeightGradient(a.dqkv, b.norm().out(), dw.qkv());
        kernels.linearInputGradient(a.dqkv, w.qkv(), a.dy);
        normGradient(a, w.norm(), dw.norm(), b.norm());
    }

    private void norm(Tensor x, Tensor gain, Normed n) {
        kernels.rmsNorm(x, gain, config.epsilon(), n.normalised(), n.inverseDeviation(), n.out());
    }

    private void normGradient(TextActivations a, Tensor gain, Tensor dgain, Normed n) {
        kernels.rmsNormGradient(a.dy, n.normalised(), n.inverseDeviation(), gain, dgain, a.dx);
    }

    private void spreadBias(TextWeights w, TextActivations a) {
        int s = a.attention.queries();
        // Written each time: shapes and networks share storage, and another pass may have overwritten it.
        kernels.write(a.buckets, oneHot.computeIfAbsent(s, size -> RelativePositions.oneHot(size, config)));
        kernels.fill(a.bias, 0.0);
        kernels.linearWeightGradient(w.relativeBias(), a.buckets, a.bias.reshaped(config.heads(), s * s));
    }
}
