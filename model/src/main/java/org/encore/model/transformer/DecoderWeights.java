package org.encore.model.transformer;

import java.util.ArrayList;
import java.util.List;
import org.encore.model.kernels.Kernels.LayerNormWeights;
import org.encore.model.kernels.Tensor;
import org.encore.model.transformer.Linear.Adapter;
import org.encore.model.transformer.ParameterLayout.ParameterNames;

/**
 * The decoder's views of flat vectors: of its weights, or of their gradient. Of the gradient of a model with adapters, what is
 * frozen is null or empty, but for normalisations, whose kernels need a place to write to.
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
            Linear qkv,
            Linear selfOut,
            LayerNormWeights crossNorm,
            Linear crossQ,
            Linear crossKv,
            Linear crossOut,
            LayerNormWeights feedForwardNorm,
            Linear fc1,
            Linear fc2) {
        /** All matrices. */
        List<Linear> matrices() {
            return crossNorm == null
                    ? List.of(qkv, selfOut, fc1, fc2)
                    : List.of(qkv, selfOut, crossQ, crossKv, crossOut, fc1, fc2);
        }
    }

    /** Views of a model's weights, or of the gradient of all of them. */
    static DecoderWeights of(Parameters weights, ModelConfig config) {
        return new Views(weights, null, null, config).all();
    }

    /** Views of the weights of a model with adapters. */
    static DecoderWeights adapted(Parameters weights, Parameters adapters, ModelConfig config) {
        return new Views(weights, adapters, null, config).all();
    }

    /** Views of the gradient of adapters; {@code sink} takes the gradients of frozen normalisations, {@code [2, D]}. */
    static DecoderWeights ofAdapters(Parameters gradient, Tensor sink, ModelConfig config) {
        return new Views(null, gradient, sink, config).all();
    }

    /** Makes the views; {@code weights} is null for a gradient of adapters, {@code adapters} without LoRA. */
    private record Views(Parameters weights, Parameters adapters, Tensor sink, ModelConfig config) {
        DecoderWeights all() {
            List<Tensor> embeddings = new ArrayList<>();
            List<Tensor> heads = new ArrayList<>();
            boolean scalar = config.head() == ModelConfig.Head.SCALAR;
            for (int k = 0; k < config.decoder().codebooks() && weights != null; k++) {
                embeddings.add(weights.get(ParameterNames.embedding(k)));
                if (!scalar) {
                    heads.add(weights.get(ParameterNames.head(k)));
                }
            }
            // The base of a value network with adapters is the policy, so its head is among the adapters.
            Parameters scalars = adapters == null ? weights : adapters;
            if (scalar) {
                heads.add(scalars.get(ParameterNames.SCALAR_HEAD + "weight"));
            }
            List<Block> blocks = new ArrayList<>();
            for (int i = 0; i < config.decoder().layers(); i++) {
                blocks.add(block(ParameterNames.decoderLayer(i), config.readsText()));
            }
            return new DecoderWeights(
                    weights == null ? null : weights.find(ParameterNames.PROJECTION + "weight"),
                    weights == null ? null : weights.find(ParameterNames.PROJECTION + "bias"),
                    embeddings,
                    blocks,
                    norm(ParameterNames.DECODER_FINAL_NORM),
                    heads,
                    scalar ? scalars.get(ParameterNames.SCALAR_HEAD + "bias") : null);
        }

        private Block block(String layer, boolean cross) {
            return new Block(
                    norm(layer + "self_attn_layer_norm."),
                    linear(layer + "self_attn.", "q_proj", "k_proj", "v_proj"),
                    linear(layer + "self_attn.", "out_proj"),
                    cross ? norm(layer + "encoder_attn_layer_norm.") : null,
                    cross ? linear(layer + "encoder_attn.", "q_proj") : null,
                    cross ? linear(layer + "encoder_attn.", "k_proj", "v_proj") : null,
                    cross ? linear(layer + "encoder_attn.", "out_proj") : null,
                    norm(layer + "final_layer_norm."),
                    linear(layer, "fc1"),
                    linear(layer, "fc2"));
        }

        /** Neighbouring matrices as one. */
        private Linear linear(String parent, String... modules) {
            List<Adapter> own = new ArrayList<>();
            for (int i = 0; i < modules.length; i++) {
                String module = parent + modules[i];
                if (adapters != null && adapters.layout().has(module + ParameterNames.LORA_A)) {
                    own.add(new Adapter(
                            adapters.get(module + ParameterNames.LORA_A),
                            adapters.get(module + ParameterNames.LORA_B),
                            i * config.decoder().width(),
                            adapters.layout()
                                    .entry(module + ParameterNames.LORA_A)
                                    .offset()));
                }
            }
            if (weights == null) {
                return new Linear(null, own);
            }
            String first = parent + modules[0] + ".weight";
            String last = parent + modules[modules.length - 1] + ".weight";
            return new Linear(modules.length == 1 ? weights.get(first) : weights.stacked(first, last), own);
        }

        private LayerNormWeights norm(String prefix) {
            return weights == null
                    ? new LayerNormWeights(sink.rowRange(0, 1), sink.rowRange(1, 1))
                    : new LayerNormWeights(weights.get(prefix + "weight"), weights.get(prefix + "bias"));
        }
    }
}
