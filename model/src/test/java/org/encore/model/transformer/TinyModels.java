package org.encore.model.transformer;

import java.util.List;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.ModelConfig.Head;
import org.encore.model.transformer.ModelConfig.TextEncoderConfig;

/** Models small enough for finite differences, none of whose weights are 0 or 1. */
public final class TinyModels {
    public static final int VOCABULARY = 7;
    public static final int TEXT_VOCABULARY = 11;

    private TinyModels() {}

    public static ModelConfig config(int codebooks, Head head) {
        return new ModelConfig(
                new TextEncoderConfig(TEXT_VOCABULARY, 6, 3, 8, 2, 2, 8, 16, 1e-6),
                new DecoderConfig(VOCABULARY, codebooks, 8, 12, 2, 2, 24, Activation.GELU),
                head);
    }

    /** The decoder of {@link #config} alone. */
    public static ModelConfig withoutText(int codebooks, Head head) {
        return ModelConfig.withoutText(config(codebooks, head).decoder(), head);
    }

    /** A model with adapters of rank 3, none of whose entries are 0. */
    public static MusicTransformer adapted(
            MusicTransformer base, Head head, List<LoraSettings.Target> targets, long seed) {
        MusicTransformer model = base.withAdapters(new LoraSettings(3, 1.5, targets), head);
        Kernels kernels = model.kernels();
        RandomGenerator noise = new RandomStreams(seed).stream(RandomStreams.Purpose.NOISE);
        float[] weights = new float[model.trainable().layout().size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) (0.3 * noise.nextGaussian());
        }
        kernels.write(model.trainable().flat(), weights);
        return model;
    }

    public static MusicTransformer random(Kernels kernels, ModelConfig config, long seed) {
        MusicTransformer model = new MusicTransformer(kernels, config);
        RandomStreams streams = new RandomStreams(seed);
        Initialisation.randomise(model, streams);
        RandomGenerator noise = streams.stream(RandomStreams.Purpose.NOISE);
        float[] weights = kernels.readFloats(model.parameters().flat());
        for (int i = 0; i < weights.length; i++) {
            weights[i] += (float) (0.3 * noise.nextGaussian());
        }
        kernels.write(model.parameters().flat(), weights);
        return model;
    }
}
