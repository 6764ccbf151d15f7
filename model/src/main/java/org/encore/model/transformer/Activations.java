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
    private final Arena textArena;
    private final Arena decoderArena;
    private final Map<BatchShape, Views> views = new HashMap<>();

    record Views(TextActivations text, DecoderActivations decoder) {}

    /**
     * Allocates.
     *
     * @param config the largest of the models that share them; the head matters only through its width
     * @param capacity the largest batch, the most steps and the most text tokens of any pass
     */
    public Activations(Kernels kernels, ModelConfig config, BatchShape capacity) {
        this.config = config;
        this.textArena = new Arena(kernels);
        this.decoderArena = new Arena(kernels);
        at(capacity);
    }

    Views at(BatchShape shape) {
        return views.computeIfAbsent(shape, s -> {
            textArena.rewind();
            decoderArena.rewind();
            return new Views(
                    new TextActivations(textArena, config.text(), s),
                    new DecoderActivations(decoderArena, config.decoder(), s));
        });
    }
}
