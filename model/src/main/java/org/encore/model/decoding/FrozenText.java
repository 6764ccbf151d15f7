package org.encore.model.decoding;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.encore.model.kernels.Tensor;
import org.encore.model.text.TextTokenizer;
import org.encore.model.text.TextTokenizer.TextBatch;
import org.encore.model.transformer.Activations;
import org.encore.model.transformer.Activations.ActivationCheckpointing;
import org.encore.model.transformer.Activations.TextEncoding;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.MusicTransformer;

/**
 * States of prompts, at the decoder's width, by a text encoder and a projection that do not change: passes that bring them run
 * neither.
 *
 * <p>A prompt is encoded alone, as in generation, so the sampler and the trainer read the same states whatever stands beside the
 * prompt in a batch. The last {@value #KNOWN} prompts are remembered. Used by one thread, while no shard runs.
 */
public final class FrozenText {
    private static final int KNOWN = 256;

    private final MusicTransformer model;
    private final TextTokenizer tokenizer;
    private final Activations activations;
    private final Map<String, float[]> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, float[]> eldest) {
            return size() > KNOWN;
        }
    };

    /** Allocates buffers for one prompt; the model reads text. */
    public FrozenText(MusicTransformer model, TextTokenizer tokenizer) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.activations = new Activations(
                model.kernels(),
                model.config(),
                new BatchShape(1, 1, tokenizer.capacity()),
                ActivationCheckpointing.RECOMPUTED,
                TextEncoding.FROZEN);
    }

    /**
     * States of a batch of prompts; what stands at padding is masked, and here zero.
     *
     * @param prompts the text of each sequence
     * @param batch the same prompts, tokenised together
     * @shape result {@code [B * S * D]}
     */
    float[] states(List<String> prompts, TextBatch batch) {
        int row = batch.tokens() * model.config().decoder().width();
        float[] states = new float[prompts.size() * row];
        for (int b = 0; b < prompts.size(); b++) {
            float[] one = known.computeIfAbsent(prompts.get(b), this::encode);
            System.arraycopy(one, 0, states, b * row, Math.min(one.length, row));
        }
        return states;
    }

    private float[] encode(String prompt) {
        TextBatch alone = tokenizer.batch(List.of(prompt));
        BatchShape shape = new BatchShape(1, 1, alone.tokens());
        Tensor text = model.readText(activations, shape, alone.ids(), alone.validity());
        return model.kernels().readFloats(text);
    }
}
