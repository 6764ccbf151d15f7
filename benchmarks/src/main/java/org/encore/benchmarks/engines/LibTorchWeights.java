package org.encore.benchmarks.engines;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.encore.model.transformer.ModelConfig.DecoderConfig;

/**
 * The decoder's weights as LibTorch's tensors.
 *
 * @param embedding {@code [V + 1, D]}
 * @param positions {@code [maxPositions, D]}, not learned
 * @param blocks the blocks
 * @param gain of the final normalisation, {@code [D]}
 * @param bias of the final normalisation, {@code [D]}
 * @param head {@code [V, D]}
 */
record LibTorchWeights(
        NDArray embedding, NDArray positions, List<Block> blocks, NDArray gain, NDArray bias, NDArray head) {
    /**
     * One block.
     *
     * @param gain1 before attention, {@code [D]}
     * @param bias1 before attention, {@code [D]}
     * @param qkv {@code [3D, D]}
     * @param out {@code [D, D]}
     * @param gain2 before the feed-forward layer, {@code [D]}
     * @param bias2 before the feed-forward layer, {@code [D]}
     * @param fc1 {@code [F, D]}
     * @param fc2 {@code [D, F]}
     */
    record Block(
            NDArray gain1,
            NDArray bias1,
            NDArray qkv,
            NDArray out,
            NDArray gain2,
            NDArray bias2,
            NDArray fc1,
            NDArray fc2) {
        List<NDArray> all() {
            return List.of(gain1, bias1, qkv, out, gain2, bias2, fc1, fc2);
        }
    }

    static LibTorchWeights load(NDManager arrays, DecoderConfig decoder) {
        return new Loading(arrays, decoder, new ReferenceWeights(decoder)).load();
    }

    /** What is learned. */
    List<NDArray> learned() {
        List<NDArray> all = new ArrayList<>(List.of(embedding, gain, bias, head));
        blocks.forEach(block -> all.addAll(block.all()));
        return all;
    }

    private record Loading(NDManager arrays, DecoderConfig d, ReferenceWeights weights) {
        LibTorchWeights load() {
            List<Block> blocks = new ArrayList<>();
            for (int i = 0; i < d.layers(); i++) {
                blocks.add(block("decoder.model.decoder.layers." + i + "."));
            }
            String decoder = "decoder.model.decoder.";
            return new LibTorchWeights(
                    matrix(decoder + "embed_tokens.0.weight", d.vocabulary() + 1),
                    arrays.create(weights.positions(), new Shape(d.maxPositions(), d.width())),
                    blocks,
                    vector(decoder + "layer_norm.weight"),
                    vector(decoder + "layer_norm.bias"),
                    matrix("decoder.lm_heads.0.weight", d.vocabulary()));
        }

        private Block block(String prefix) {
            return new Block(
                    vector(prefix + "self_attn_layer_norm.weight"),
                    vector(prefix + "self_attn_layer_norm.bias"),
                    queriesKeysValues(prefix + "self_attn."),
                    matrix(prefix + "self_attn.out_proj.weight", d.width()),
                    vector(prefix + "final_layer_norm.weight"),
                    vector(prefix + "final_layer_norm.bias"),
                    matrix(prefix + "fc1.weight", d.feedForward()),
                    matrix(prefix + "fc2.weight", d.width()));
        }

        private NDArray queriesKeysValues(String prefix) {
            int size = d.width() * d.width();
            float[] stacked = new float[3 * size];
            int at = 0;
            for (String name : List.of("q_proj", "k_proj", "v_proj")) {
                System.arraycopy(weights.get(prefix + name + ".weight"), 0, stacked, at, size);
                at += size;
            }
            return arrays.create(stacked, new Shape(3L * d.width(), d.width()));
        }

        private NDArray matrix(String name, int rows) {
            float[] values = weights.get(name);
            return arrays.create(values, new Shape(rows, values.length / rows));
        }

        private NDArray vector(String name) {
            float[] values = weights.get(name);
            return arrays.create(values, new Shape(values.length));
        }
    }
}
