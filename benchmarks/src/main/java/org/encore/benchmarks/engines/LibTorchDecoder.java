package org.encore.benchmarks.engines;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Embedding;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import java.util.ArrayList;
import java.util.List;
import org.encore.model.transformer.ModelConfig.DecoderConfig;

/**
 * The decoder in LibTorch's own operations.
 *
 * <p>A result belongs to the scope of its first operand. Each block has a scope of its own, so that what the backward pass
 * does not need is freed at once, as it would be in Python.
 */
final class LibTorchDecoder {
    private static final float EPSILON = 1e-5f;
    /** Added to the scores of steps that a query must not see. */
    private static final float HIDDEN = -1e9f;

    private final DecoderConfig d;
    private final LibTorchWeights weights;
    private final float scale;

    LibTorchDecoder(DecoderConfig decoder, LibTorchWeights weights) {
        this.d = decoder;
        this.weights = weights;
        this.scale = (float) (1.0 / Math.sqrt(decoder.headWidth()));
    }

    /** What hides later steps from earlier ones. Shapes: {@code [T, T]} */
    static NDArray causalMask(NDManager scope, int steps) {
        float[] mask = new float[steps * steps];
        for (int i = 0; i < steps; i++) {
            for (int j = i + 1; j < steps; j++) {
                mask[i * steps + j] = HIDDEN;
            }
        }
        return scope.create(mask, new Shape(steps, steps));
    }

    /** Logits of whole sequences. Shapes: inputs {@code [B, T]}, result {@code [B * T, V]} */
    NDArray logits(NDManager scope, NDArray inputs, NDArray mask) {
        int steps = (int) inputs.getShape().get(1);
        NDArray x = embedded(inputs).add(weights.positions().get(scope, new NDIndex().addSliceDim(0, steps)));
        for (LibTorchWeights.Block block : weights.blocks()) {
            try (NDManager inner = scope.newSubManager()) {
                x.attach(inner);
                x = block(x, block, mask);
                x.attach(scope);
            }
        }
        return head(x.reshape(-1, d.width()));
    }

    private NDArray block(NDArray x, LibTorchWeights.Block w, NDArray mask) {
        long sequences = x.getShape().get(0);
        long steps = x.getShape().get(1);
        NDList parts = linear(norm(x, w.gain1(), w.bias1()), w.qkv())
                .reshape(sequences, steps, 3, d.heads(), d.headWidth())
                .transpose(2, 0, 3, 1, 4)
                .split(3, 0);
        NDArray queries = parts.get(0).squeeze(0).mul(scale);
        NDArray keys = parts.get(1).squeeze(0);
        NDArray values = parts.get(2).squeeze(0);
        NDArray shares = queries.matMul(keys.transpose(0, 1, 3, 2)).add(mask).softmax(-1);
        NDArray attended = shares.matMul(values).transpose(0, 2, 1, 3).reshape(sequences, steps, d.width());
        return feedForward(x.add(linear(attended, w.out())), w);
    }

    private NDArray feedForward(NDArray x, LibTorchWeights.Block w) {
        NDArray hidden = Activation.gelu(linear(norm(x, w.gain2(), w.bias2()), w.fc1()));
        return x.add(linear(hidden, w.fc2()));
    }

    /**
     * Logits of the next step of each sequence; appends its keys and values to the cache.
     *
     * <p>Shapes: inputs {@code [B]}, result {@code [B, V]}.
     */
    NDArray nextLogits(NDManager scope, NDArray inputs, LibTorchCache cache) {
        int step = cache.length();
        NDArray x = embedded(inputs).add(weights.positions().get(scope, step));
        for (int layer = 0; layer < d.layers(); layer++) {
            x = nextBlock(x, weights.blocks().get(layer), cache.layer(layer), step);
        }
        cache.advance();
        return head(x);
    }

    private NDArray nextBlock(NDArray x, LibTorchWeights.Block w, LibTorchCache.Layer cache, int step) {
        long sequences = x.getShape().get(0);
        NDList parts = linear(norm(x, w.gain1(), w.bias1()), w.qkv())
                .reshape(sequences, 3, d.heads(), 1, d.headWidth())
                .split(3, 1);
        NDIndex now = new NDIndex().addAllDim(2).addSliceDim(step, step + 1);
        cache.keys().set(now, parts.get(1).squeeze(1));
        cache.values().set(now, parts.get(2).squeeze(1));
        NDIndex past = new NDIndex().addAllDim(2).addSliceDim(0, step + 1);
        NDManager scope = x.getManager();
        NDArray keys = cache.keys().get(scope, past);
        NDArray values = cache.values().get(scope, past);
        NDArray queries = parts.get(0).squeeze(1).mul(scale);
        NDArray shares = queries.matMul(keys.transpose(0, 1, 3, 2)).softmax(-1);
        NDArray attended = shares.matMul(values).reshape(sequences, d.width());
        return feedForward(x.add(linear(attended, w.out())), w);
    }

    private NDArray embedded(NDArray inputs) {
        return Embedding.embedding(inputs, weights.embedding(), SparseFormat.DENSE)
                .singletonOrThrow();
    }

    private NDArray head(NDArray x) {
        return linear(norm(x, weights.gain(), weights.bias()), weights.head());
    }

    private NDArray norm(NDArray x, NDArray gain, NDArray bias) {
        return LayerNorm.layerNorm(x, new Shape(d.width()), gain, bias, EPSILON).singletonOrThrow();
    }

    private static NDArray linear(NDArray x, NDArray w) {
        return Linear.linear(x, w).singletonOrThrow();
    }

    /** Keys and values of the steps decoded so far, in buffers made once. */
    static final class LibTorchCache implements AutoCloseable {
        private final NDManager scope;
        private final List<Layer> layers = new ArrayList<>();
        private int length;

        /**
         * One layer's buffers.
         *
         * @param keys {@code [B, H, T, D / H]}
         * @param values {@code [B, H, T, D / H]}
         */
        record Layer(NDArray keys, NDArray values) {}

        LibTorchCache(NDManager parent, DecoderConfig d, int sequences, int steps) {
            scope = parent.newSubManager();
            Shape shape = new Shape(sequences, d.heads(), steps, d.headWidth());
            for (int i = 0; i < d.layers(); i++) {
                layers.add(new Layer(scope.zeros(shape), scope.zeros(shape)));
            }
        }

        Layer layer(int index) {
            return layers.get(index);
        }

        /** Steps held. */
        int length() {
            return length;
        }

        void advance() {
            length++;
        }

        @Override
        public void close() {
            scope.close();
        }
    }

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
}
