package org.encore.model.transformer;

import java.util.ArrayList;
import java.util.List;
import org.encore.model.kernels.Kernels.LayerNormWeights;
import org.encore.model.kernels.Tensor;

/**
 * The decoder's views of the flat vector: of its weights, or of their gradient.
 *
 * @param projection text states to the decoder's width, {@code [D, E]}; null without text, as is all that reads it
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
     * @param fc1 {@code [F, D]}
     * @param fc2 {@code [D, F]}
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
            embeddings.add(p.get(Names.embedding(k)));
            if (!scalar) {
                heads.add(p.get(Names.head(k)));
            }
        }
        if (scalar) {
            heads.add(p.get(Names.SCALAR_HEAD + "weight"));
        }
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < config.decoder().layers(); i++) {
            blocks.add(block(p, Names.decoderLayer(i), config.readsText()));
        }
        return new DecoderWeights(
                p.find(Names.PROJECTION + "weight"),
                p.find(Names.PROJECTION + "bias"),
                embeddings,
                blocks,
                norm(p, Names.DECODER_FINAL_NORM),
                heads,
                scalar ? p.get(Names.SCALAR_HEAD + "bias") : null);
    }

    private static Block block(Parameters p, String layer, boolean cross) {
        return new Block(
                norm(p, layer + "self_attn_layer_norm."),
                p.stacked(layer + "self_attn.q_proj.weight", layer + "self_attn.v_proj.weight"),
                p.get(layer + "self_attn.out_proj.weight"),
                cross ? norm(p, layer + "encoder_attn_layer_norm.") : null,
                p.find(layer + "encoder_attn.q_proj.weight"),
                cross ? p.stacked(layer + "encoder_attn.k_proj.weight", layer + "encoder_attn.v_proj.weight") : null,
                p.find(layer + "encoder_attn.out_proj.weight"),
                norm(p, layer + "final_layer_norm."),
                p.get(layer + "fc1.weight"),
                p.get(layer + "fc2.weight"));
    }

    private static LayerNormWeights norm(Parameters p, String prefix) {
        return new LayerNormWeights(p.get(prefix + "weight"), p.get(prefix + "bias"));
    }
}
