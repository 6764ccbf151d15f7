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
import org.encore.benchmarks.engines.Task.ReferenceModel;
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

    /**
     * Logits of whole sequences, for each codebook.
     *
     * @param text {@code [1, S, D]}; null without
     * @shape inputs {@code [K]} of {@code [B, T]}, results {@code [B * T, V]}
     */
    List<NDArray> logits(NDManager scope, List<NDArray> inputs, NDArray mask, NDArray text) {
        int steps = (int) inputs.get(0).getShape().get(1);
        NDArray x = embedded(inputs).add(weights.positions().get(scope, new NDIndex().addSliceDim(0, steps)));
        // Every sequence has a text of its own, if the same one.
        NDArray texts =
                text == null ? null : text.repeat(0, inputs.get(0).getShape().get(0));
        for (LibTorchWeights.Block block : weights.blocks()) {
            try (NDManager inner = scope.newSubManager()) {
                x.attach(inner);
                x = block(x, block, mask, texts);
                x.attach(scope);
            }
        }
        return heads(x.reshape(-1, d.width()));
    }

    private NDArray block(NDArray x, LibTorchWeights.Block w, NDArray mask, NDArray texts) {
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
        NDArray y = x.add(linear(attended, w.out()));
        return feedForward(texts == null ? y : cross(y, w.cross(), textOf(texts, w.cross())), w);
    }

    /** Keys and values of texts. Shapes: texts {@code [B, S, D]}, results {@code [B, H, S, D / H]} */
    NDList textOf(NDArray texts, LibTorchWeights.Cross w) {
        long sequences = texts.getShape().get(0);
        long tokens = texts.getShape().get(1);
        NDList parts = linear(texts, w.kv())
                .reshape(sequences, tokens, 2, d.heads(), d.headWidth())
                .transpose(2, 0, 3, 1, 4)
                .split(2, 0);
        return new NDList(parts.get(0).squeeze(0), parts.get(1).squeeze(0));
    }

    /** Adds what a text says. Shapes: x {@code [B, T, D]} or {@code [B, D]} */
    private NDArray cross(NDArray x, LibTorchWeights.Cross w, NDList text) {
        long sequences = x.getShape().get(0);
        NDArray queries = linear(norm(x, w.gain(), w.bias()), w.q())
                .reshape(sequences, -1, d.heads(), d.headWidth())
                .transpose(0, 2, 1, 3)
                .mul(scale);
        NDArray shares = queries.matMul(text.get(0).transpose(0, 1, 3, 2)).softmax(-1);
        NDArray attended = shares.matMul(text.get(1)).transpose(0, 2, 1, 3).reshape(x.getShape());
        return x.add(linear(attended, w.out()));
    }

    private NDArray feedForward(NDArray x, LibTorchWeights.Block w) {
        NDArray hidden = Activation.gelu(linear(norm(x, w.gain2(), w.bias2()), w.fc1()));
        return x.add(linear(hidden, w.fc2()));
    }

    /**
     * Logits of the next step of each sequence, for each codebook; appends its keys and values to the cache.
     *
     * <p>Shapes: inputs {@code [K]} of {@code [B]}, results {@code [B, V]}.
     */
    List<NDArray> nextLogits(NDManager scope, List<NDArray> inputs, LibTorchCache cache) {
        int step = cache.length();
        NDArray x = embedded(inputs).add(weights.positions().get(scope, step));
        for (int layer = 0; layer < d.layers(); layer++) {
            x = nextBlock(x, weights.blocks().get(layer), cache.layer(layer), step);
        }
        cache.advance();
        return heads(x);
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
        NDArray y = x.add(linear(attended, w.out()));
        return feedForward(cache.text() == null ? y : cross(y, w.cross(), cache.text()), w);
    }

    private NDArray embedded(List<NDArray> inputs) {
        NDArray sum = null;
        for (int k = 0; k < inputs.size(); k++) {
            NDArray one = Embedding.embedding(
                            inputs.get(k), weights.embeddings().get(k), SparseFormat.DENSE)
                    .singletonOrThrow();
            sum = sum == null ? one : sum.add(one);
        }
        return sum;
    }

    private List<NDArray> heads(NDArray x) {
        NDArray states = norm(x, weights.gain(), weights.bias());
        return weights.heads().stream().map(head -> linear(states, head)).toList();
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
         * @param text keys and values of the text, {@code [1, H, S, D / H]}; null without
         */
        record Layer(NDArray keys, NDArray values, NDList text) {}

        /** {@code text} is {@code [1, S, D]}, or null without. */
        LibTorchCache(NDManager parent, LibTorchDecoder decoder, int sequences, int steps, NDArray text) {
            scope = parent.newSubManager();
            DecoderConfig d = decoder.d;
            Shape shape = new Shape(sequences, d.heads(), steps, d.headWidth());
            for (LibTorchWeights.Block block : decoder.weights.blocks()) {
                NDList read = null;
                if (text != null) {
                    NDArray own = text.duplicate();
                    own.attach(scope);
                    read = decoder.textOf(own, block.cross());
                }
                layers.add(new Layer(scope.zeros(shape), scope.zeros(shape), read));
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
     * @param embeddings {@code [V + 1, D]} for each codebook
     * @param positions {@code [maxPositions, D]}, not learned
     * @param blocks the blocks
     * @param gain of the final normalisation, {@code [D]}
     * @param bias of the final normalisation, {@code [D]}
     * @param heads {@code [V, D]} for each codebook
     */
    record LibTorchWeights(
            List<NDArray> embeddings,
            NDArray positions,
            List<Block> blocks,
            NDArray gain,
            NDArray bias,
            List<NDArray> heads) {
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
         * @param cross attention to the text; null without
         */
        record Block(
                NDArray gain1,
                NDArray bias1,
                NDArray qkv,
                NDArray out,
                NDArray gain2,
                NDArray bias2,
                NDArray fc1,
                NDArray fc2,
                Cross cross) {
            List<NDArray> all() {
                List<NDArray> all = new ArrayList<>(List.of(gain1, bias1, qkv, out, gain2, bias2, fc1, fc2));
                if (cross != null) {
                    all.addAll(List.of(cross.gain(), cross.bias(), cross.q(), cross.kv(), cross.out()));
                }
                return all;
            }
        }

        /**
         * Attention to the text.
         *
         * @param gain before it, {@code [D]}
         * @param bias before it, {@code [D]}
         * @param q {@code [D, D]}
         * @param kv {@code [2D, D]}
         * @param out {@code [D, D]}
         */
        record Cross(NDArray gain, NDArray bias, NDArray q, NDArray kv, NDArray out) {}

        static LibTorchWeights load(NDManager arrays, ReferenceModel model) {
            return new Loading(arrays, model.decoder(), model.textTokens() > 0, new ReferenceWeights(model)).load();
        }

        /** What is learned. */
        List<NDArray> learned() {
            List<NDArray> all = new ArrayList<>(List.of(gain, bias));
            all.addAll(embeddings);
            all.addAll(heads);
            blocks.forEach(block -> all.addAll(block.all()));
            return all;
        }

        private record Loading(NDManager arrays, DecoderConfig d, boolean readsText, ReferenceWeights weights) {
            LibTorchWeights load() {
                List<Block> blocks = new ArrayList<>();
                for (int i = 0; i < d.layers(); i++) {
                    blocks.add(block("decoder.model.decoder.layers." + i + "."));
                }
                String decoder = "decoder.model.decoder.";
                List<NDArray> embeddings = new ArrayList<>();
                List<NDArray> heads = new ArrayList<>();
                for (int k = 0; k < d.codebooks(); k++) {
                    embeddings.add(matrix(decoder + "embed_tokens." + k + ".weight", d.vocabulary() + 1));
                    heads.add(matrix("decoder.lm_heads." + k + ".weight", d.vocabulary()));
                }
                return new LibTorchWeights(
                        embeddings,
                        arrays.create(weights.positions(), new Shape(d.maxPositions(), d.width())),
                        blocks,
                        vector(decoder + "layer_norm.weight"),
                        vector(decoder + "layer_norm.bias"),
                        heads);
            }

            private Block block(String prefix) {
                return new Block(
                        vector(prefix + "self_attn_layer_norm.weight"),
                        vector(prefix + "self_attn_layer_norm.bias"),
                        stacked(prefix + "self_attn.", List.of("q_proj", "k_proj", "v_proj")),
                        matrix(prefix + "self_attn.out_proj.weight", d.width()),
                        vector(prefix + "final_layer_norm.weight"),
                        vector(prefix + "final_layer_norm.bias"),
                        matrix(prefix + "fc1.weight", d.feedForward()),
                        matrix(prefix + "fc2.weight", d.width()),
                        readsText ? cross(prefix) : null);
            }

            private Cross cross(String prefix) {
                String attention = prefix + "encoder_attn.";
                return new Cross(
                        vector(prefix + "encoder_attn_layer_norm.weight"),
                        vector(prefix + "encoder_attn_layer_norm.bias"),
                        matrix(attention + "q_proj.weight", d.width()),
                        stacked(attention, List.of("k_proj", "v_proj")),
                        matrix(attention + "out_proj.weight", d.width()));
            }

            private NDArray stacked(String prefix, List<String> names) {
                int size = d.width() * d.width();
                float[] stacked = new float[names.size() * size];
                int at = 0;
                for (String name : names) {
                    System.arraycopy(weights.get(prefix + name + ".weight"), 0, stacked, at, size);
                    at += size;
                }
                return arrays.create(stacked, new Shape((long) names.size() * d.width(), d.width()));
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
