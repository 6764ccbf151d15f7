package org.encore.model.transformer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Tensor;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.TextEncoder.TextActivations;

/**
 * Buffers for passes of up to a given size; networks of equal sizes that run one after another may share them.
 *
 * <p>The views of each shape are created once. Those of fewer sequences are the first rows of those of more: the sequences with text
 * of a guided pass are a pass of their own to text encoder and cross-attention.
 */
public final class Activations {
    private final ModelConfig config;
    private final ActivationCheckpointing checkpointing;
    private final TextEncoding encoding;
    private final Arena textArena;
    private final Arena decoderArena;
    private final Map<BatchShape, Views> views = new HashMap<>();

    /**
     * Buffers of one shape.
     *
     * @param text those of the text encoder; null for models without text, or if its states are given
     * @param validity 1 where a text token is real, else 0, {@code [B, S]}; null for models without text
     * @param decoder those of the decoder
     */
    record Views(TextActivations text, Tensor validity, DecoderActivations decoder) {}

    /** Allocates buffers without activation checkpointing. */
    public Activations(Kernels kernels, ModelConfig config, BatchShape capacity) {
        this(kernels, config, capacity, ActivationCheckpointing.KEPT);
    }

    /**
     * Allocates for passes that may train the text encoder.
     *
     * @param config the largest of the models that share them; of the head only the width matters
     * @param capacity the largest batch, the most steps and the most text tokens of any pass
     * @param checkpointing what a forward pass keeps for its backward pass
     */
    public Activations(
            Kernels kernels, ModelConfig config, BatchShape capacity, ActivationCheckpointing checkpointing) {
        this(kernels, config, capacity, checkpointing, TextEncoding.TRAINED);
    }

    /**
     * Allocates.
     *
     * @param encoding what passes do with the text encoder
     */
    public Activations(
            Kernels kernels,
            ModelConfig config,
            BatchShape capacity,
            ActivationCheckpointing checkpointing,
            TextEncoding encoding) {
        this(config, checkpointing, encoding, new Arena(kernels::allocate), new Arena(kernels::allocate));
        at(capacity);
    }

    private Activations(
            ModelConfig config,
            ActivationCheckpointing checkpointing,
            TextEncoding encoding,
            Arena textArena,
            Arena decoderArena) {
        this.config = config;
        this.checkpointing = checkpointing;
        this.encoding = encoding;
        this.textArena = textArena;
        this.decoderArena = decoderArena;
    }

    /**
     * The elements that such buffers have, without allocating them.
     *
     * @throws ArithmeticException if one buffer has 2^31 elements or more
     */
    public static long elements(
            ModelConfig config, BatchShape capacity, ActivationCheckpointing checkpointing, TextEncoding encoding) {
        Arena text = new Arena(ShapeOnlyTensor::new);
        Arena decoder = new Arena(ShapeOnlyTensor::new);
        new Activations(config, checkpointing, encoding, text, decoder).at(capacity);
        return text.elements() + decoder.elements();
    }

    Views at(BatchShape shape) {
        if (config.readsText() && shape.textTokens() == 0) {
            throw new IllegalArgumentException("the model reads text, so textTokens must be at least 1, but is 0");
        }
        // Not computeIfAbsent, because its lambda would allocate at each call.
        Views known = views.get(shape);
        if (known == null) {
            known = views(shape);
            views.put(shape, known);
        }
        return known;
    }

    private Views views(BatchShape shape) {
        textArena.rewind();
        decoderArena.rewind();
        Tensor validity = config.readsText() ? textArena.take(shape.batch(), shape.textTokens()) : null;
        return new Views(
                config.text()
                        .filter(text -> encoding != TextEncoding.GIVEN)
                        .map(text -> new TextActivations(textArena, text, shape, validity, encoding))
                        .orElse(null),
                validity,
                new DecoderActivations(decoderArena, config, shape, checkpointing));
    }

    /** A tensor without memory, to compute the size of buffers. */
    static final class ShapeOnlyTensor extends Tensor {
        ShapeOnlyTensor(int rows, int columns) {
            super(rows, columns, columns);
        }

        @Override
        public ShapeOnlyTensor view(int row, int column, int rowCount, int columnCount) {
            return new ShapeOnlyTensor(rowCount, columnCount);
        }

        @Override
        public ShapeOnlyTensor reshaped(int newRows, int newColumns) {
            return new ShapeOnlyTensor(newRows, newColumns);
        }
    }

    /**
     * Memory of activations: allocated once at the largest sizes and reused, in the same order, as views for smaller ones.
     */
    static final class Arena {
        private final Source source;
        private final List<Tensor> blocks = new ArrayList<>();
        private int next;
        private boolean sealed;

        /** Allocates memory. */
        @FunctionalInterface
        interface Source {
            Tensor allocate(int rows, int columns);
        }

        Arena(Source source) {
            this.source = source;
        }

        /** Elements allocated. */
        long elements() {
            return blocks.stream().mapToLong(Tensor::size).sum();
        }

        /** Starts a new round of {@link #take}; after the first round nothing is allocated. */
        void rewind() {
            sealed = sealed || !blocks.isEmpty();
            next = 0;
        }

        /** The next block of the round. */
        Tensor take(int rows, int columns) {
            if (!sealed) {
                blocks.add(source.allocate(1, Math.multiplyExact(rows, columns)));
            }
            Tensor block = blocks.get(next++);
            if ((long) rows * columns > block.columns()) {
                throw new IllegalArgumentException(
                        "[" + rows + ", " + columns + "] does not fit into the " + block.columns()
                                + " elements that were reserved: the batch is larger than the capacity given at the start");
            }
            return block.slice(0, rows, columns);
        }
    }

    /** What passes do with the text encoder, which decides what its buffers are. */
    public enum TextEncoding {
        /** They run it, forward and backward: the activations of every block are kept. */
        TRAINED,
        /** They run it forward alone: its blocks share one set of buffers. */
        FROZEN,
        /** They bring its states ({@link ModelBatch#withTextStates}): it has no buffers. */
        GIVEN
    }

    /** What a forward pass keeps of the decoder's blocks for its backward pass; the gradients have the same bits either way. */
    public enum ActivationCheckpointing {
        /** All activations of every block. */
        KEPT,
        /**
         * The input of every block; the backward pass recomputes the rest, block by block, in shared buffers (Chen et al. 2016). About a third more work, and far less memory for deep models and long sequences.
         */
        RECOMPUTED
    }
}
