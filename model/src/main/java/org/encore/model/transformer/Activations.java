package org.encore.model.transformer;

import java.util.HashMap;
import java.util.Map;
import org.encore.model.kernels.Kernels;

/**
 * Buffers for passes of up to a given size; networks of equal sizes that run one after another may share them.
 *
 * <p>Each new shape makes its views once.
 */
public final class Activations {
    private final ModelConfig config;
    private final Storage storage;
    private final Arena textArena;
    private final Arena decoderArena;
    private final Map<BatchShape, Views> views = new HashMap<>();

    /** Buffers of one shape; {@code text} is null for models that read none. */
    record Views(TextActivations text, DecoderActivations decoder) {}

    /** Allocates buffers that keep everything. */
    public Activations(Kernels kernels, ModelConfig config, BatchShape capacity) {
        this(kernels, config, capacity, Storage.KEPT);
    }

    /**
     * Allocates.
     *
     * @param config the largest of the models that share them; the head matters only through its width
     * @param capacity the largest batch, the most steps and the most text tokens of any pass
     * @param storage what a forward pass leaves for its backward pass
     */
    public Activations(Kernels kernels, ModelConfig config, BatchShape capacity, Storage storage) {
        this(config, storage, new Arena(kernels::allocate), new Arena(kernels::allocate));
        at(capacity);
    }

    private Activations(ModelConfig config, Storage storage, Arena textArena, Arena decoderArena) {
        this.config = config;
        this.storage = storage;
        this.textArena = textArena;
        this.decoderArena = decoderArena;
    }

    /**
     * The elements that such buffers have, without allocating them.
     *
     * @throws ArithmeticException if one buffer has 2^31 elements or more
     */
    public static long elements(ModelConfig config, BatchShape capacity, Storage storage) {
        Arena text = new Arena(Outline::new);
        Arena decoder = new Arena(Outline::new);
        new Activations(config, storage, text, decoder).at(capacity);
        return text.elements() + decoder.elements();
    }

    Views at(BatchShape shape) {
        if (config.readsText() && shape.textTokens() == 0) {
            throw new IllegalArgumentException("the model reads text, so textTokens must be at least 1, but is 0");
        }
        // Not computeIfAbsent, whose function would be a new object at each call.
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
        return new Views(
                config.text()
                        .map(text -> new TextActivations(textArena, text, shape))
                        .orElse(null),
                new DecoderActivations(decoderArena, config, shape, storage));
    }
}
