package org.encore.model.transformer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.encore.model.kernels.DecodingKernels;
import org.encore.model.kernels.DecodingKernels.CacheShape;
import org.encore.model.kernels.DecodingKernels.KeyValueCache;
import org.encore.model.kernels.DecodingKernels.Packing;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.AttentionInputs;
import org.encore.model.kernels.Tensor;
import org.encore.model.transformer.Activations.ActivationCheckpointing;
import org.encore.model.transformer.Activations.Arena;
import org.encore.model.transformer.Activations.TextEncoding;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.ModelConfig.Sizes;

/**
 * Decodes independent sequences one step at a time, with key/value caches.
 *
 * <p>Each sequence has a slot. {@link #start} begins one; {@link #step} advances any of them, in any order; an idle slot costs nothing. Text is cached as keys and values without padding, so sequences do not influence each other.
 */
public final class IncrementalDecoder implements AutoCloseable {
    private final MusicTransformer model;
    private final PackedDecoder weights;
    private final Kernels kernels;
    private final DecodingKernels decoding;
    private final List<KeyValueCache> selfCaches = new ArrayList<>();
    private final List<KeyValueCache> textCaches = new ArrayList<>();
    private final Arena arena;
    private final StepRows[] rows;
    private final Activations textActivations;
    private final Tensor textKeysValues;

    /**
     * The capacity of a decoder.
     *
     * @param slots sequences at a time
     * @param steps the most steps of a sequence
     * @param textTokens the most text tokens of a prompt
     * @param packing number format of keys and values
     */
    public record Capacity(int slots, int steps, int textTokens, Packing packing) {
        public Capacity {
            Sizes.requirePositive("slots", slots);
            Sizes.requirePositive("steps", steps);
        }
    }

    /**
     * Allocates.
     *
     * @param weights the model's matrices, possibly shared
     * @throws IllegalArgumentException if the model has fewer positions than steps
     */
    public IncrementalDecoder(MusicTransformer model, PackedDecoder weights, Capacity capacity) {
        DecoderConfig d = model.config().decoder();
        d.requirePositions(capacity.steps());
        this.model = model;
        this.weights = weights;
        this.kernels = model.kernels();
        this.decoding = kernels.decoding();
        this.arena = new Arena(kernels::allocate);
        this.rows = new StepRows[capacity.slots() + 1];
        rows(capacity.slots());
        boolean text = model.config().readsText();
        for (int i = 0; i < d.layers(); i++) {
            selfCaches.add(cache(capacity, capacity.steps()));
            if (text) {
                textCaches.add(cache(capacity, capacity.textTokens()));
            }
        }
        BatchShape one = new BatchShape(1, 1, capacity.textTokens());
        this.textActivations = text
                ? new Activations(kernels, model.config(), one, ActivationCheckpointing.RECOMPUTED, TextEncoding.FROZEN)
                : null;
        this.textKeysValues = text ? kernels.allocate(1, capacity.textTokens() * 2 * d.width()) : null;
    }

    private KeyValueCache cache(Capacity capacity, int length) {
        DecoderConfig d = model.config().decoder();
        return decoding.cache(new CacheShape(capacity.slots(), d.heads(), d.headWidth(), length, capacity.packing()));
    }

    /** The buffers for a step of {@code count} sequences; always the same object for the same count. */
    public StepRows rows(int count) {
        if (rows[count] == null) {
            arena.rewind();
            rows[count] = new StepRows(arena, model, count);
        }
        return rows[count];
    }

    /**
     * Begins a sequence: clears the slot and encodes the prompt.
     *
     * @param ids text tokens {@code [S]}; not read by models without text
     * @param validity 1 where a token is real, else 0, {@code [S]}; all zeros for no text
     */
    public void start(int slot, int[] ids, float[] validity) {
        selfCaches.forEach(cache -> cache.reset(slot));
        textCaches.forEach(cache -> cache.reset(slot));
        int last = validity.length;
        while (last > 0 && validity[last - 1] == 0.0f) {
            last--;
        }
        if (last > 0 && !textCaches.isEmpty()) {
            readText(slot, ids, validity);
        }
    }

    private void readText(int slot, int[] ids, float[] validity) {
        BatchShape shape = new BatchShape(1, 1, ids.length);
        Tensor text = model.readText(textActivations, shape, ids, validity);
        int d = model.config().decoder().width();
        Tensor keysValues = textKeysValues.slice(0, ids.length, 2 * d);
        for (int i = 0; i < textCaches.size(); i++) {
            model.products()
                    .forward(text, model.decoderWeights().blocks().get(i).crossKv(), keysValues);
            appendReal(textCaches.get(i), slot, keysValues, validity);
        }
    }

    /** Appends the ranges of real tokens. */
    private void appendReal(KeyValueCache cache, int slot, Tensor keysValues, float[] validity) {
        int d = keysValues.columns() / 2;
        int token = 0;
        while (token < validity.length) {
            int end = token;
            while (end < validity.length && validity[end] != 0.0f) {
                end++;
            }
            if (end > token) {
                int[] slots = new int[end - token];
                Arrays.fill(slots, slot);
                Tensor stretch = keysValues.rowRange(token, end - token);
                decoding.append(cache, slots, stretch.columnRange(0, d), stretch.columnRange(d, d));
            }
            token = end + 1;
        }
    }

    /** Advances the sequences in {@code rows.slots()} by one step, from {@code rows.inputs} to {@code rows.logits}. */
    public void step(StepRows step) {
        int[] positions = step.ids[step.ids.length - 1];
        for (int i = 0; i < step.count(); i++) {
            positions[i] = selfCaches.get(0).length(step.slots()[i]);
        }
        kernels.embed(step.ids, step.tables, step.x);
        for (int i = 0; i < selfCaches.size(); i++) {
            selfAttention(i, step);
            if (!textCaches.isEmpty()) {
                crossAttention(i, step);
            }
            feedForward(i, step);
        }
        norm(model.decoderWeights().finalNorm(), step);
        for (int k = 0; k < weights.heads().size(); k++) {
            decoding.linear(step.normed, weights.heads().get(k), step.logits(k));
        }
    }

    private void selfAttention(int layer, StepRows step) {
        PackedDecoder.Block w = weights.blocks().get(layer);
        KeyValueCache cache = selfCaches.get(layer);
        norm(model.decoderWeights().blocks().get(layer).selfNorm(), step);
        decoding.linear(step.normed, w.qkv(), step.qkv);
        decoding.append(cache, step.slots(), step.self.k(), step.self.v());
        decoding.attend(cache, scale(), step.slots(), step.self.q(), step.attended);
        decoding.addLinear(step.attended, w.selfOut(), step.x);
    }

    private void crossAttention(int layer, StepRows step) {
        PackedDecoder.Block w = weights.blocks().get(layer);
        norm(model.decoderWeights().blocks().get(layer).crossNorm(), step);
        decoding.linear(step.normed, w.crossQ(), step.crossQ);
        decoding.attend(textCaches.get(layer), scale(), step.slots(), step.crossQ, step.attended);
        decoding.addLinear(step.attended, w.crossOut(), step.x);
    }

    private void feedForward(int layer, StepRows step) {
        PackedDecoder.Block w = weights.blocks().get(layer);
        norm(model.decoderWeights().blocks().get(layer).feedForwardNorm(), step);
        decoding.activatedLinear(model.config().decoder().activation(), step.normed, w.fc1(), step.gated);
        decoding.addLinear(step.gated, w.fc2(), step.x);
    }

    private double scale() {
        return 1.0 / Math.sqrt(model.config().decoder().headWidth());
    }

    private void norm(Kernels.LayerNormWeights w, StepRows step) {
        decoding.layerNorm(step.x, w, DecoderBlock.EPSILON, step.normed);
    }

    @Override
    public void close() {
        selfCaches.forEach(KeyValueCache::close);
        textCaches.forEach(KeyValueCache::close);
    }

    /** One step of N sequences: inputs, buffers and logits. */
    public static final class StepRows {
        final Tensor x;
        final Tensor normed;
        final Tensor qkv;
        final AttentionInputs self;
        final Tensor attended;
        final Tensor crossQ;
        final Tensor gated;
        final List<Tensor> tables;
        /** Codes of each codebook, then positions; {@code [K + 1][N]}. */
        final int[][] ids;

        private final int[] slots;
        private final List<Tensor> logits = new ArrayList<>();

        StepRows(Arena arena, MusicTransformer model, int rows) {
            DecoderConfig c = model.config().decoder();
            int d = c.width();
            slots = new int[rows];
            ids = new int[c.codebooks() + 1][rows];
            tables = new ArrayList<>(model.decoderWeights().embeddings());
            tables.add(model.positions());
            x = arena.take(rows, d);
            normed = arena.take(rows, d);
            qkv = arena.take(rows, 3 * d);
            self = DecoderActivations.thirds(qkv, null);
            attended = arena.take(rows, d);
            crossQ = arena.take(rows, d);
            gated = arena.take(rows, c.feedForward());
            for (int k = 0; k < c.codebooks(); k++) {
                logits.add(arena.take(rows, c.vocabulary()));
            }
        }

        /** Number of sequences. */
        public int count() {
            return slots.length;
        }

        /** The slot of each row; to be filled in. Shapes: {@code [N]} */
        public int[] slots() {
            return slots;
        }

        /** Input id of each row in a codebook; to be filled in. Shapes: {@code [N]} */
        public int[] inputs(int codebook) {
            return ids[codebook];
        }

        /** Logits of a codebook after the step, valid until the next step of any number of rows. Shapes: {@code [N, V]} */
        public Tensor logits(int codebook) {
            return logits.get(codebook);
        }
    }
}
