package org.encore.model.transformer;

import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.model.transformer.ParameterLayout.ParameterNames;

/**
 * Random weights for a new model.
 *
 * <p>For training from scratch at a few million parameters; our choice: matrices are normal with deviation {@code 1 /
 * sqrt(fan in)}, those that write into a residual stream divided by {@code sqrt(2 · layers)} (Radford et al. 2019), T5's
 * query matrices also by the root of the head's width because its attention is not scaled (Raffel et al. 2020), embeddings
 * of codes 0.5 against sinusoids of root mean square 0.7, gains 1, biases 0, the scalar head 0.
 */
public final class Initialisation {
    private static final double CODE_EMBEDDING_DEVIATION = 0.5;
    private static final double SMALL_HEAD = 0.5;

    private Initialisation() {}

    /** Fills all weights; the same seed gives the same weights. */
    public static void randomise(MusicTransformer model, RandomStreams streams) {
        int index = 0;
        for (ParameterLayout.Entry e : model.parameters().layout().entries()) {
            model.kernels().write(model.parameters().get(e.name()), values(e, index++, model.config(), streams));
        }
    }

    /**
     * The weights of one parameter.
     *
     * @param index its place among the parameters of the layout
     */
    public static float[] values(ParameterLayout.Entry e, int index, ModelConfig config, RandomStreams streams) {
        RandomGenerator random = streams.stream(RandomStreams.Purpose.INITIALISATION, index);
        double deviation = deviation(e, config);
        double mean = e.name().endsWith("norm.weight") ? 1.0 : 0.0;
        float[] values = new float[e.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation == 0.0 ? mean : mean + deviation * random.nextGaussian());
        }
        return values;
    }

    /**
     * Starts new adapters: A is uniform in {@code ±1 / sqrt(in)}, as PEFT has it; B stays zero, so that the model does not change.
     */
    public static void randomiseAdapters(MusicTransformer model, RandomStreams streams) {
        int index = 0;
        for (ParameterLayout.Entry e : model.trainable().layout().entries()) {
            RandomGenerator random = streams.stream(RandomStreams.Purpose.ADAPTERS, index++);
            if (e.name().endsWith(ParameterNames.LORA_A)) {
                double bound = 1.0 / Math.sqrt(e.columns());
                float[] values = new float[e.size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) (bound * (2.0 * random.nextDouble() - 1.0));
                }
                model.kernels().write(model.trainable().get(e.name()), values);
            }
        }
    }

    private static double deviation(ParameterLayout.Entry e, ModelConfig config) {
        String name = e.name();
        if (name.endsWith("norm.weight") || name.endsWith("bias") || name.startsWith(ParameterNames.SCALAR_HEAD)) {
            return 0.0;
        }
        if (name.equals(ParameterNames.RELATIVE_BIAS)) {
            return 0.1;
        }
        if (name.equals(ParameterNames.TEXT_EMBEDDING)) {
            return 1.0;
        }
        if (name.contains("embed_tokens")) {
            return CODE_EMBEDDING_DEVIATION;
        }
        double fanIn = 1.0 / Math.sqrt(e.columns());
        if (name.contains("lm_heads")) {
            return SMALL_HEAD * fanIn;
        }
        if (name.endsWith("SelfAttention.q.weight")) {
            return fanIn / Math.sqrt(config.text().orElseThrow().headWidth());
        }
        if (name.endsWith("SelfAttention.o.weight") || name.endsWith("wo.weight")) {
            return fanIn / Math.sqrt(2.0 * config.text().orElseThrow().layers());
        }
        if (name.endsWith("out_proj.weight") || name.endsWith("fc2.weight")) {
            return fanIn / Math.sqrt(2.0 * config.decoder().layers());
        }
        return fanIn;
    }
}
