package org.encore.model.transformer;

import java.util.ArrayList;
import java.util.List;
import org.encore.model.kernels.Dropout;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.kernels.Kernels.AttentionInputs;
import org.encore.model.kernels.Kernels.LayerNormWeights;
import org.encore.model.kernels.Tensor;
import org.encore.model.transformer.DecoderActivations.Normed;
import org.encore.model.transformer.ParameterLayout.ParameterNames;

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

    DecoderBlock(Kernels kernels, Activation activation) {
        this.kernels = kernels;
        this.activation = activation;
    }

    /** Runs the block; {@code validity} is null without text. */
    void forward(
            DecoderWeights.Block w,
            DecoderActivations a,
            DecoderActivations.Block b,
            Tensor validity,
            Dropout dropout) {
        selfForward(w, a, b, dropout.at(SELF));
        if (validity != null) {
            crossForward(w, a, b, validity, dropout.at(CROSS));
        }
        feedForward(w, a, b, dropout.at(FEED_FORWARD));
    }

    /** {@code x += dropout(in wᵀ)}. */
    private void addBranch(Tensor in, Tensor w, DecoderActivations a, Dropout dropout) {
        if (dropout.isNone()) {
            kernels.addLinear(in, w, a.x);
            return;
        }
        // The buffer of a gradient is free in a forward pass.
        kernels.linear(in, w, a.dy);
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
        kernels.linear(n.out(), w.qkv(), b.qkv());
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
        kernels.linear(n.out(), w.crossQ(), b.crossQ());
        kernels.linear(a.text, w.crossKv(), b.crossKv());
        AttentionInputs in = b.crossInputs();
        kernels.maskedAttention(
                a.crossAttention, in.q(), in.k(), in.v(), validity, b.crossWeights(), b.crossAttended());
        addBranch(b.crossAttended(), w.crossOut(), a, dropout);
    }

    private void feedForward(
            DecoderWeights.Block w, DecoderActivations a, DecoderActivations.Block b, Dropout dropout) {
        Normed n = b.feedForwardNorm();
        kernels.layerNorm(a.x, w.feedForwardNorm(), EPSILON, n.normalised(), n.inverseDeviation(), n.out());
        kernels.linear(n.out(), w.fc1(), b.hidden());
        kernels.activation(activation, b.hidden(), b.gated());
        addBranch(b.gated(), w.fc2(), a, dropout);
    }

    /** Turns the gradient of the block's output, in {@code a.dx}, into that of its input; adds to {@code a.dtext}. */
    void backward(
            DecoderWeights.Block w,
            DecoderWeights.Block dw,
            DecoderActivations a,
            DecoderActivations.Block b,
            Dropout dropout) {
        feedForwardGradient(w, dw, a, b, dropout.at(FEED_FORWARD));
        if (w.crossOut() != null) {
            crossGradient(w, dw, a, b, dropout.at(CROSS));
        }
        selfGradient(w, dw, a, b, dropout.at(SELF));
    }

    private void feedForwardGradient(
            DecoderWeights.Block w,
            DecoderWeights.Block dw,
            DecoderActivations a,
            DecoderActivations.Block b,
            Dropout dropout) {
        Normed n = b.feedForwardNorm();
        Tensor dbranch = branchGradient(a, dropout);
        kernels.linearWeightGradient(dbranch, b.gated(), dw.fc2());
        kernels.linearInputGradient(dbranch, w.fc2(), a.dhidden);
        kernels.activationGradient(activation, b.hidden(), a.dhidden);
        kernels.linearWeightGradient(a.dhidden, n.out(), dw.fc1());
        kernels.linearInputGradient(a.dhidden, w.fc1(), a.dy);
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
        kernels.linearWeightGradient(dbranch, b.crossAttended(), dw.crossOut());
        kernels.linearInputGradient(dbranch, w.crossOut(), a.dattended);
        kernels.attentionGradient(
                a.crossAttention, b.crossInputs(), b.crossWeights(), a.dattended, a.dcrossScores, a.dcross);
        kernels.linearWeightGradient(a.dkv, a.text, dw.crossKv());
        kernels.addLinearInputGradient(a.dkv, w.crossKv(), a.dtext);
        kernels.linearWeightGradient(a.dq, n.out(), dw.crossQ());
        kernels.linearInputGradient(a.dq, w.crossQ(), a.dy);
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
        kernels.linearWeightGradient(dbranch, b.selfAttended(), dw.selfOut());
        kernels.linearInputGradient(dbranch, w.selfOut(), a.dattended);
        kernels.causalAttentionGradient(
                a.selfAttention, b.selfInputs(), b.selfLogSums(), b.selfAttended(), a.dattended, a.dself);
        kernels.linearWeightGradient(a.dqkv, n.out(), dw.qkv());
        kernels.linearInputGradient(a.dqkv, w.qkv(), a.dy);
        kernels.layerNormGradient(a.dy, n.normalised(), n.inverseDeviation(), w.selfNorm(), dw.selfNorm(), a.dx);
    }

    /**
     * The decoder's views of the flat vector: of its weights, or of their gradient.
     *
     * @param projection text states to the decoder's width, {@code [D, E]}; null if none are projected
     * @param projectionBias {@code [1, D]}
     * @param embeddings one table a codebook, {@code [V + 1, D]}
     * @param blocks the blocks
     * @param finalNorm normalisation before the head
     * @param heads one matrix a codebook, {@code [V, D]}; or one, {@code [1, D]}, for a scalar
     * @param scalarBias {@code [1, 1]}, or null without a scalar head
     */
    record DecoderWeights(
            Tensor projection,
            Tensor projectionBias,
            List<Tensor> embeddings,
            List<Block> blocks,
            LayerNormWeights finalNorm,
            List<Tensor> heads,
            Tensor scalarBias) {
        /**
         * One block.
         *
         * @param selfNorm before self-attention
         * @param qkv query, key and value matrices, {@code [3D, D]}
         * @param selfOut {@code [D, D]}
         * @param crossNorm before cross-attention; null without text, as are the next three
         * @param crossQ {@code [D, D]}
         * @param crossKv key and value matrices on text states, {@code [2D, D]}
         * @param crossOut {@code [D, D]}
         * @param feedForwardNorm before the feed-forward layer
         * @param fc1 {@code [I, D]}
         * @param fc2 {@code [D, I]}
         */
        record Block(
                LayerNormWeights selfNorm,
                Tensor qkv,
                Tensor selfOut,
                LayerNormWeights crossNorm,
                Tensor crossQ,
                Tensor crossKv,
                Tensor crossOut,
                LayerNormWeights feedForwardNorm,
                Tensor fc1,
                Tensor fc2) {}

        static DecoderWeights of(Parameters p, ModelConfig config) {
            List<Tensor> embeddings = new ArrayList<>();
            List<Tensor> heads = new ArrayList<>();
            boolean scalar = config.head() == ModelConfig.Head.SCALAR;
            for (int k = 0; k < config.decoder().codebooks(); k++) {
                embeddings.add(p.get(ParameterNames.embedding(k)));
                if (!scalar) {
                    heads.add(p.get(ParameterNames.head(k)));
                }
            }
            if (scalar) {
                heads.add(p.get(ParameterNames.SCALAR_HEAD + "weight"));
            }
            List<Block> blocks = new ArrayList<>();
            for (int i = 0; i < config.decoder().layers(); i++) {
                blocks.add(block(p, ParameterNames.decoderLayer(i), config.readsText()));
            }
            return new DecoderWeights(
                    p.find(ParameterNames.PROJECTION + "weight"),
                    p.find(ParameterNames.PROJECTION + "bias"),
                    embeddings,
                    blocks,
                    norm(p, ParameterNames.DECODER_FINAL_NORM),
                    heads,
                    scalar ? p.get(ParameterNames.SCALAR_HEAD + "bias") : null);
        }

        private static Block block(Parameters p, String layer, boolean cross) {
            return new Block(
                    norm(p, layer + "self_attn_layer_norm."),
                    p.stacked(layer + "self_attn.q_proj.weight", layer + "self_attn.v_proj.weight"),
                    p.get(layer + "self_attn.out_proj.weight"),
                    cross ? norm(p, layer + "encoder_attn_layer_norm.") : null,
                    p.find(layer + "encoder_attn.q_proj.weight"),
                    cross
                            ? p.stacked(layer + "encoder_attn.k_proj.weight", layer + "encoder_attn.v_proj.weight")
                            : null,
                    p.find(layer + "encoder_attn.out_proj.weight"),
                    norm(p, layer + "final_layer_norm."),
                    p.get(layer + "fc1.weight"),
                    p.get(layer + "fc2.weight"));
        }

        private static LayerNormWeights norm(Parameters p, String prefix) {
            return new LayerNormWeights(p.get(prefix + "weight"), p.get(prefix + "bias"));
        }
    }
}
