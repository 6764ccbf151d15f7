package org.encore.model.memory;

import java.util.List;
import org.encore.model.encodec.ChunkedDecoder;
import org.encore.model.encodec.EncodecConfig;
import org.encore.model.encodec.EncodecParameters;
import org.encore.model.kernels.DecodingKernels.Packing;
import org.encore.model.memory.MemoryPlan.Item;
import org.encore.model.memory.MemoryPlan.Place;
import org.encore.model.transformer.Activations;
import org.encore.model.transformer.Activations.ActivationCheckpointing;
import org.encore.model.transformer.Activations.TextEncoding;
import org.encore.model.transformer.IncrementalDecoder;
import org.encore.model.transformer.LoraSettings;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.PackedDecoder;
import org.encore.model.transformer.ParameterLayout;

/**
 * The memory of one model, in 32 bits.
 *
 * @param name of the model, for the items
 * @param config its sizes
 */
public record Footprint(String name, ModelConfig config) {
    /** The longest vector to which caches are padded, in elements. */
    private static final int LANES = 16;

    /** Weights and positions, shared by all shards: those of the decoder, and of the text encoder if there is one. */
    public List<Item> weights() {
        DecoderConfig d = config.decoder();
        long positions = (long) d.maxPositions() * d.width();
        long text = ParameterLayout.count(config, ParameterLayout.Part.TEXT_ENCODER);
        Item decoder = offHeap(name + " weights", parameters() - text + positions);
        return text == 0 ? List.of(decoder) : List.of(decoder, offHeap(name + " text encoder", text));
    }

    /** A gradient for every shard. */
    public Item gradients(int shards) {
        return offHeap(name + " gradients", shards * parameters());
    }

    /** Low-rank adapters with their gradients and moments; the base is another footprint's. */
    public Item adapters(LoraSettings lora, int shards) {
        return offHeap(
                name + " adapters",
                (3L + shards) * ParameterLayout.adapters(config, lora).size());
    }

    /** Both moments of its optimiser. */
    public Item moments() {
        return offHeap(name + " moments", 2 * parameters());
    }

    /**
     * Buffers of passes, for every shard.
     *
     * @throws ArithmeticException if one buffer has 2^31 elements or more
     */
    public static Item activations(
            ModelConfig config,
            BatchShape capacity,
            ActivationCheckpointing checkpointing,
            TextEncoding encoding,
            int shards) {
        return offHeap("activations", shards * Activations.elements(config, capacity, checkpointing, encoding));
    }

    /** Copies of its log-probabilities for a pass, for every shard. */
    public Item logProbs(BatchShape capacity, int shards) {
        long row = (long) config.decoder().codebooks() * config.decoder().vocabulary();
        return offHeap(name + " log-probabilities", row * capacity.rows() * shards);
    }

    /**
     * Heap memory of decoding with SIMD kernels: keys and values of every shard, and the decoder's packed matrices. Portable kernels pack nothing and keep keys and values in float32.
     *
     * @param shard capacity of a shard's decoder
     */
    public List<Item> decoding(IncrementalDecoder.Capacity shard, int shards) {
        Packing packing = shard.packing();
        long text = config.readsText() ? cacheBytes(shard.textTokens(), packing) : 0;
        long perSlot = config.decoder().layers() * (cacheBytes(shard.steps(), packing) + text);
        return List.of(
                new Item("keys and values", Place.HEAP, perSlot * shard.slots() * shards),
                new Item("packed weights", Place.HEAP, matrixBytes(packing)));
    }

    /** Where a matrix and its adapters are added up before they are packed. */
    public Item merging() {
        DecoderConfig d = config.decoder();
        return offHeap("merging of adapters", (long) d.width() * Math.max(3 * d.width(), d.feedForward()));
    }

    /** Buffers that encode a prompt alone, for all networks. */
    public Item frozenText(int textTokens) {
        return offHeap("buffers of text", encodingOne(config, textTokens));
    }

    /**
     * A neural codec that decodes on shards of its own: its weights and buffers, and its recurrent weights in 16 bits.
     *
     * @param shards of the codec
     */
    public static List<Item> codec(EncodecConfig codec, int shards) {
        return List.of(
                offHeap("codec weights", EncodecParameters.count(codec)),
                offHeap("codec buffers", ChunkedDecoder.elements(codec, shards)),
                new Item("packed codec weights", Place.HEAP, ChunkedDecoder.packedBytes(codec)));
    }

    /** Keys, padded along the steps, and values, padded along the head, of one sequence in one layer. */
    private long cacheBytes(int steps, Packing packing) {
        DecoderConfig d = config.decoder();
        int unit = packing == Packing.FLOAT32 ? LANES : 2 * LANES;
        long numbers = roundUp(steps, unit) * d.headWidth() + steps * roundUp(d.headWidth(), unit);
        return d.heads()
                * switch (packing) {
                    case FLOAT32 -> Float.BYTES * numbers;
                    case INT16 -> Short.BYTES * numbers + 2 * Float.BYTES * roundUp(steps, unit);
                };
    }

    /** Off-heap memory of decoding: buffers of a step and of encoding one prompt, for every shard. */
    public Item decodingBuffers(int slots, int textTokens, int shards) {
        DecoderConfig d = config.decoder();
        long step = 8L * d.width() + 1 + d.feedForward() + (long) d.codebooks() * d.vocabulary();
        long text = 0;
        if (config.readsText()) {
            text = encodingOne(config, textTokens) + 2L * textTokens * d.width();
        }
        return offHeap("decoding buffers", shards * (slots * step + text));
    }

    /** Buffers of the text encoder for one prompt. */
    private static long encodingOne(ModelConfig config, int textTokens) {
        return Activations.elements(
                config, new BatchShape(1, 1, textTokens), ActivationCheckpointing.RECOMPUTED, TextEncoding.FROZEN);
    }

    private static long roundUp(int count, int unit) {
        return (count + unit - 1L) / unit * unit;
    }

    /** The matrices of {@link PackedDecoder}, without the key and value matrices of the text, which are used once a sequence. */
    private long matrixBytes(Packing packing) {
        DecoderConfig d = config.decoder();
        long squares = config.readsText() ? 6 : 4;
        long rows = d.layers() * ((squares + 1) * d.width() + d.feedForward()) + (long) d.codebooks() * d.vocabulary();
        long numbers = d.layers() * (squares * d.width() + 2L * d.feedForward()) * d.width()
                + (long) d.codebooks() * d.vocabulary() * d.width();
        return switch (packing) {
            case FLOAT32 -> Float.BYTES * numbers;
            case INT16 -> Short.BYTES * numbers + Float.BYTES * rows;
        };
    }

    private long parameters() {
        return ParameterLayout.count(config);
    }

    private static Item offHeap(String what, long elements) {
        return new Item(what, Place.OFF_HEAP, Float.BYTES * elements);
    }
}
