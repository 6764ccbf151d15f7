package org.encore.model.transformer;

import org.encore.model.kernels.Dropout;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.kernels.Kernels.AttentionInputs;
import org.encore.model.kernels.Tensor;
import org.encore.model.transformer.DecoderActivations.Normed;

/**
 * One pre-layer-norm block: {@code x += self(norm(x)); x += cross(norm(x), text); x += feedForward(norm(x))}; without text
 * the second of the three is left out. In training, dropout applies to each of the three.
 *
 * <p>The residual stream and its gradient are updated in place.
 */
final class DecoderBlock {
    static final double EPSILON = 1e-5;

    private static final int SELF = 0;
    private static final int CROSS = 1;
    private static final int FEED_FORWARD = 2;

    private final Kernels kernels;
    private final Activation activation;
    private final Linear.Products products;

    DecoderBlock(Kernels kernels, Activation activation, Linear.Products products) {
        this.kernels = kernels;
        this.activation = activation;
        this.products = products;
    }

    /**
     * Runs block {@code i} on all sequences. Cross-attention adds nothing to sequences that hide their text, so it runs on the others
     * alone, which come first and whose buffers begin where those of all begin.
     *
     * @param a buffers of all sequences
     * @param read buffers of the sequences with text
     * @param validity of their text; null without text
     */
    void forward(
            DecoderWeights.Block w,
            int i,
            DecoderActivations a,
            DecoderActivations read,
            Tensor validity,
            Dropout dropout) {
        selfForward(w, a, a.blocks.get(i), dropout.at(SELF));
        if (validity != null) {
            crossForward(w, read, read.blocks.get(i), validity, dropout.at(CROSS));
        }
        feedForward(w, a, a.blocks.get(i), dropout.at(FEED_FORWARD));
    }

    /** {@code x += dropout(in wᵀ)}. */
    private void addBranch(Tensor in, Linear w, DecoderActivations a, Dropout dropout) {
        if (dropout.isNone()) {
            products.addForward(in, w, a.x);
            return;
        }
        // The buffer of a gradient is free in a forward pass.
        products.forward(in, w, a.dy);
        kernels.dropout(dropout, a.dy);
        kernels.add(a.dy, a.x);
    }

    /** The gradient of the branch of {@link #addBranch}, valid until {@code a.dy} is written. */
    private Tensor branchGradient(DecoderActivations a, Dropout dropout) {
        if (dropout.isNone()) {
            return a.dx;
        }
        kernels.copy(a.dx, a.dy);
        kernels.dropout(dropout, a.dy);
        return a.dy;
    }

    private void selfForward(
            DecoderWeights.Block w, DecoderActivations a, DecoderActivations.Block b, Dropout dropout) {
        Normed n = b.selfNorm();
        kernels.layerNorm(a.x, w.selfNorm(), EPSILON, n.normalised(), n.inverseDeviation(), n.out());
        products.forward(n.out(), w.qkv(), b.qkv());
        kernels.causalAttention(a.selfAttention, b.selfInputs(), b.selfLogSums(), b.selfAttended());
        addBranch(b.selfAttended(), w.selfOut(), a, dropout);
    }

    private void crossForward(
            DecoderWeights.Block w,
            DecoderActivations a,
            DecoderActivations.Block b,
            Tensor validity,
            Dropout dropout) {
        Normed n = b.crossNorm();
        kernels.layerNorm(a.x, w.crossNorm(), EPSILON, n.normalised(), n.inverseDeviation(), n.out());
        products.forward(n.out(), w.crossQ(), b.crossQ());
        products.forward(a.text, w.crossKv(), b.crossKv());
        AttentionInputs in = b.crossInputs();
        kernels.maskedAttention(
                a.crossAttention, in.q(), in.k(), in.v(), validity, b.crossWeights(), b.crossAttended());
        addBranch(b.crossAttended(), w.crossOut(), a, dropout);
    }

    private void feedForward(
            DecoderWeights.Block w, DecoderActivations a, DecoderActivations.Block b, Dropout dropout) {
        Normed n = b.feedForwardNorm();
        kernels.layerNorm(a.x, w.feedForwardNorm(), EPSILON, n.normalised(), n.inverseDeviation(), n.out());
        products.forward(n.out(), w.fc1(), b.hidden());
        kernels.activation(activation, b.hidden(), b.gated());
        addBranch(b.gated(), w.fc2(), a, dropout);
    }

    /**
     * Turns the gradient of the output of block {@code i}, in {@code a.dx}, into that of its input; adds to {@code read.dtext}.
     *
     * @param a buffers of all sequences
     * @param read buffers of the sequences with text
     */
    void backward(
            DecoderWeights.Block w,
            DecoderWeights.Block dw,
            int i,
            DecoderActivations a,
            DecoderActivations read,
            Dropout dropout) {
        feedForwardGradient(w, dw, a, a.blocks.get(i), dropout.at(FEED_FORWARD));
        if (w.crossOut() != null) {
            crossGradient(w, dw, read, read.blocks.get(i), dropout.at(CROSS));
        }
        selfGradient(w, dw, a, a.blocks.get(i), dropout.at(SELF));
    }

    private void feedForwardGradient(
            DecoderWeights.Block w,
            DecoderWeights.Block dw,
            DecoderActivations a,
            DecoderActivations.Block b,
            Dropout dropout) {
        Normed n = b.feedForwardNorm();
        Tensor dbranch = branchGradient(a, dropout);
        products.backward(dbranch, b.gated(), w.fc2(), dw.fc2(), a.dhidden);
        kernels.activationGradient(activation, b.hidden(), a.dhidden);
        products.backward(a.dhidden, n.out(), w.fc1(), dw.fc1(), a.dy);
        kernels.layerNormGradient(
                a.dy, n.normalised(), n.inverseDeviation(), w.feedForwardNorm(), dw.feedForwardNorm(), a.dx);
    }

    private void crossGradient(
            DecoderWeights.Block w,
            DecoderWeights.Block dw,
            DecoderActivations a,
            DecoderActivations.Block b,
            Dropout dropout) {
        Normed n = b.crossNorm();
        Tensor dbranch = branchGradient(a, dropout);
        products.backward(dbranch, b.crossAttended(), w.crossOut(), dw.crossOut(), a.dattended);
        kernels.attentionGradient(
                a.crossAttention, b.crossInputs(), b.crossWeights(), a.dattended, a.dcrossScores, a.dcross);
        products.textBackward(a.dkv, a.text, w.crossKv(), dw.crossKv(), a.dtext);
        products.backward(a.dq, n.out(), w.crossQ(), dw.crossQ(), a.dy);
        kernels.layerNormGradient(a.dy, n.normalised(), n.inverseDeviation(), w.crossNorm(), dw.crossNorm(), a.dx);
    }

    private void selfGradient(
            DecoderWeights.Block w,
            DecoderWeights.Block dw,
            DecoderActivations a,
            DecoderActivations.Block b,
            Dropout dropout) {
        Normed n = b.selfNorm();
        Tensor dbranch = branchGradient(a, dropout);
        products.backward(dbranch, b.selfAttended(), w.selfOut(), dw.selfOut(), a.dattended);
        kernels.causalAttentionGradient(
                a.selfAttention, b.selfInputs(), b.selfLogSums(), b.selfAttended(), a.dattended, a.dself);
        products.backward(a.dqkv, n.out(), w.qkv(), dw.qkv(), a.dy);
        kernels.layerNormGradient(a.dy, n.normalised(), n.inverseDeviation(), w.selfNorm(), dw.selfNorm(), a.dx);
    }
}
