package org.encore.model.transformer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.encore.model.kernels.AttentionShape;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.AttentionInputs;
import org.encore.model.kernels.KeyValueCache;
import org.encore.model.kernels.Tensor;

/**
 * Decodes one step at a time for a batch of sequences, keeping keys and values.
 *
 * <p>Made for one batch size and capacity, used again after {@link #start}.
 */
public final class IncrementalDecoder implements AutoCloseable {
    private final MusicTransformer model;
    private final Kernels kernels;
    private final int batch;
    private final List<KeyValueCache> caches = new ArrayList<>();
    private final List<Tensor> textKeysValues = new ArrayList<>();
    private final List<AttentionInputs> crossInputs = new ArrayList<>();
    private final Activations activations;
    private BatchShape textShape;
    private Tensor validity;

    /**
     * Allocates.
     *
     * @param batch sequences B
     * @param steps the most steps of a sequence
     * @param textTokens the most text tokens of a prompt
     * @throws IllegalArgumentException if the model has fewer positions than steps
     */
    public IncrementalDecoder(MusicTransformer model, int batch, int steps, int textTokens) {
        model.config().decoder().requirePositions(steps);
        this.model = model;
        this.kernels = model.kernels();
        this.batch = batch;
        this.activations = new Activations(kernels, model.config(), new BatchShape(batch, 1, textTokens));
        DecoderConfig d = model.config().decoder();
        for (int i = 0; i < d.layers(); i++) {
            caches.add(kernels.cache(batch, d.heads(), d.headWidth(), steps));
            if (model.config().readsText()) {
                textKeysValues.add(kernels.allocate(1, batch * textTokens * 2 * d.width()));
            }
        }
    }

    public int batch() {
        return batch;
    }

    /** Reads the prompts and forgets earlier steps. Shapes: ids and textValidity {@code [B * S]} */
    public void start(int[] textIds, float[] textValidity) {
        int tokens = textIds.length / batch;
        textShape = new BatchShape(batch, 1, tokens);
        caches.forEach(KeyValueCache::reset);
        if (model.config().readsText()) {
            readText(textIds, textValidity);
        }
    }

    private void readText(int[] textIds, float[] textValidity) {
        int[][] none = new int[model.config().decoder().codebooks()][batch];
        // One whole pass computes the projected text; its single step is thrown away.
        model.forward(activations, new ModelBatch(textShape, textIds, textValidity, none));
        Activations.Views views = activations.at(textShape);
        validity = views.text().validity;
        crossInputs.clear();
        for (int i = 0; i < caches.size(); i++) {
            Tensor kv = keysValues(i);
            kernels.linear(
                    views.decoder().text, model.decoderWeights().blocks().get(i).crossKv(), kv);
            int d = model.config().decoder().width();
            Tensor queries = views.decoder().blocks.get(i).crossQ();
            crossInputs.add(new AttentionInputs(queries, kv.columnRange(0, d), kv.columnRange(d, d), null));
        }
    }

    private Tensor keysValues(int layer) {
        int width = 2 * model.config().decoder().width();
        return textKeysValues.get(layer).slice(0, textShape.textRows(), width);
    }

    /**
     * Decodes one step.
     *
     * @param inputs input id of each codebook and sequence, {@code [K][B]}
     * @return logits of each codebook, {@code [B, V]}, valid until the next step
     */
    public List<Tensor> step(int[][] inputs) {
        DecoderActivations a = activations.at(textShape).decoder();
        int position = caches.get(0).length();
        int[] positions = new int[batch];
        Arrays.fill(positions, position);
        int[][] ids = Arrays.copyOf(inputs, inputs.length + 1);
        ids[inputs.length] = positions;
        List<Tensor> tables = new ArrayList<>(model.decoderWeights().embeddings());
        tables.add(model.positions());
        kernels.embed(ids, tables, a.x);
        for (int i = 0; i < caches.size(); i++) {
            block(model.decoderWeights().blocks().get(i), a, i);
        }
        Normed n = a.states;
        norm(a.x, model.decoderWeights().finalNorm(), n);
        for (int k = 0; k < inputs.length; k++) {
            kernels.linear(n.out(), model.decoderWeights().heads().get(k), a.logits.get(k));
        }
        return a.logits;
    }

    private void block(DecoderWeights.Block w, DecoderActivations a, int layer) {
        DecoderActivations.Block b = a.blocks.get(layer);
        norm(a.x, w.selfNorm(), b.selfNorm());
        kernels.linear(b.selfNorm().out(), w.qkv(), b.qkv());
        kernels.cachedAttention(caches.get(layer), a.selfAttention.scale(), b.selfInputs(), b.selfAttended());
        kernels.addLinear(b.selfAttended(), w.selfOut(), a.x);

        if (w.crossOut() != null) {
            cross(w, a, layer);
        }

        norm(a.x, w.feedForwardNorm(), b.feedForwardNorm());
        kernels.linear(b.feedForwardNorm().out(), w.fc1(), b.hidden());
        kernels.activation(model.config().decoder().activation(), b.hidden(), b.gated());
        kernels.addLinear(b.gated(), w.fc2(), a.x);
    }

    private void cross(DecoderWeights.Block w, DecoderActivations a, int layer) {
        DecoderActivations.Block b = a.blocks.get(layer);
        AttentionShape cross = a.crossAttention;
        norm(a.x, w.crossNorm(), b.crossNorm());
        kernels.linear(b.crossNorm().out(), w.crossQ(), b.crossQ());
        AttentionInputs in = crossInputs.get(layer);
        kernels.maskedAttention(cross, in.q(), in.k(), in.v(), validity, b.crossWeights(), b.crossAttended());
        kernels.addLinear(b.crossAttended(), w.crossOut(), a.x);
    }

    private void norm(Tensor x, Kernels.LayerNormWeights w, Normed n) {
        kernels.layerNorm(x, w, DecoderBlock.EPSILON, n.normalised(), n.inverseDeviation(), n.out());
    }

    @Override
    public void close() {
        caches.forEach(KeyValueCache::close);
    }
}
