package org.encore.model.transformer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.model.kernels.Dropout;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.Tensor;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.ModelConfig.Head;
import org.encore.model.transformer.ModelConfig.TextEncoderConfig;
import org.encore.model.transformer.ParameterLayout.ParameterNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole model's gradient against central differences, in 64 bits. */
class GradientTest {
    private static final double STEP = 1e-5;
    private static final double TOLERANCE = 1e-6;
    private static final int TEXT_TOKENS = 5;
    private static final int STEPS = 4;

    /** Two sequences of different length, one of them with shorter text. */
    private static List<Example> examples(int codebooks) {
        return List.of(
                Example.random(1, codebooks, STEPS, TEXT_TOKENS),
                Example.random(2, codebooks, STEPS - 1, TEXT_TOKENS - 2));
    }

    private static Trial trial(MusicTransformer model, Kernels kernels) {
        return trial(model, kernels, Dropout.none());
    }

    private static Trial trial(MusicTransformer model, Kernels kernels, Dropout dropout) {
        return trial(model, kernels, dropout, Dropout.none());
    }

    private static Trial trial(MusicTransformer model, Kernels kernels, Dropout dropout, Dropout ofAdapters) {
        ModelConfig config = model.config();
        List<Example> examples = examples(config.decoder().codebooks());
        ModelBatch batch = Example.batch(examples, STEPS, TEXT_TOKENS).with(dropout, ofAdapters);
        List<Tensor> reference = config.head() == Head.SCALAR
                ? List.of()
                : Trial.logProbs(TinyModels.random(kernels, config, 99), batch);
        return new Trial(model, examples, batch, new Activations(kernels, config, batch.shape()), reference);
    }

    @ParameterizedTest
    @CsvSource({"1, CODES", "3, CODES", "1, SCALAR", "2, SCALAR"})
    void everyParameterAgreesWithFiniteDifferences(int codebooks, Head head) {
        try (Kernels kernels = new PortableKernels(Precision.DOUBLE)) {
            assertGradient(kernels, TinyModels.config(codebooks, head));
        }
    }

    @ParameterizedTest
    @EnumSource(Head.class)
    void aDecoderWithoutTextAgreesWithFiniteDifferences(Head head) {
        try (Kernels kernels = new PortableKernels(Precision.DOUBLE)) {
            assertGradient(kernels, TinyModels.withoutText(2, head));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"GELU_TANH", "RELU"})
    void otherActivationsAgreeWithFiniteDifferences(Activation activation) {
        try (Kernels kernels = new PortableKernels(Precision.DOUBLE)) {
            ModelConfig base = TinyModels.config(1, Head.CODES);
            DecoderConfig decoder = new DecoderConfig(TinyModels.VOCABULARY, 1, 8, 12, 1, 2, 24, activation);
            assertGradient(kernels, new ModelConfig(base.text(), decoder, Head.CODES));
        }
    }

    /** Log-probabilities, entropies and KL of the guided policy, to a guided reference, through both branches. */
    @ParameterizedTest
    @CsvSource({"3.0, 2", "0.5, 1"})
    void withGuidanceItAgreesToo(double scale, int codebooks) {
        try (Kernels kernels = new PortableKernels(Precision.DOUBLE)) {
            ModelConfig config = TinyModels.config(codebooks, Head.CODES);
            MusicTransformer model = TinyModels.random(kernels, config, 5);
            List<Example> examples = examples(codebooks);
            ModelBatch batch = Example.batch(examples, STEPS, TEXT_TOKENS).guided(scale);
            List<Tensor> reference = Trial.logProbs(TinyModels.random(kernels, config, 99), batch);
            Activations activations =
                    new Activations(kernels, config, batch.shape().twice());
            assertGradient(model, new Trial(model, examples, batch, activations, reference));
        }
    }

    /** Adapters on every kind of matrix, of a policy and of a value network; the base stays as it is. */
    @ParameterizedTest
    @EnumSource(Head.class)
    void adaptersAgreeToo(Head head) {
        try (Kernels kernels = new PortableKernels(Precision.DOUBLE)) {
            MusicTransformer base = TinyModels.random(kernels, TinyModels.config(2, Head.CODES), 5);
            MusicTransformer model = TinyModels.adapted(base, head, List.of(LoraSettings.Target.values()), 4);
            double[] frozen = kernels.readDoubles(base.parameters().flat());
            assertEquals(
                    head == Head.CODES ? 2 * 2 * 10 : 2 * 2 * 10 + 2,
                    model.trainable().layout().entries().size());
            assertGradient(model, trial(model, kernels, Dropout.none()));
            assertGradient(model, trial(model, kernels, Dropout.none(), new Dropout(0.3, 9)));
            assertGradient(model, trial(model, kernels, new Dropout(0.2, 7), new Dropout(0.3, 9)));
            assertArrayEquals(frozen, kernels.readDoubles(base.parameters().flat()), 0.0);
        }
    }

    /** A model whose text states have the decoder's width already. */
    @Test
    void withoutProjectionItAgreesToo() {
        try (Kernels kernels = new PortableKernels(Precision.DOUBLE)) {
            TextEncoderConfig text =
                    new TextEncoderConfig(TinyModels.TEXT_VOCABULARY, 8, 3, 8, 2, 2, 8, 16, 1e-6, false);
            ModelConfig base = TinyModels.config(2, Head.CODES);
            assertGradient(kernels, new ModelConfig(text, base.decoder(), Head.CODES));
        }
    }

    /** With the same elements dropped in every pass. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void withDropoutItAgreesToo(boolean readsText) {
        ModelConfig config = readsText ? TinyModels.config(3, Head.CODES) : TinyModels.withoutText(2, Head.CODES);
        try (Kernels kernels = new PortableKernels(Precision.DOUBLE)) {
            assertGradient(kernels, config, new Dropout(0.3, 11));
        }
    }

    @Test
    void whatIsDroppedDependsOnTheSeedAndChangesTheLoss() {
        try (Kernels kernels = new PortableKernels(Precision.DOUBLE)) {
            MusicTransformer model = TinyModels.random(kernels, TinyModels.config(1, Head.CODES), 5);
            double whole = trial(model, kernels).loss();
            double dropped = trial(model, kernels, new Dropout(0.1, 1)).loss();
            assertEquals(dropped, trial(model, kernels, new Dropout(0.1, 1)).loss(), 0.0);
            assertNotEquals(dropped, whole);
            assertNotEquals(dropped, trial(model, kernels, new Dropout(0.1, 2)).loss());
        }
    }

    private static void assertGradient(Kernels kernels, ModelConfig config) {
        assertGradient(kernels, config, Dropout.none());
    }

    private static void assertGradient(Kernels kernels, ModelConfig config, Dropout dropout) {
        MusicTransformer model = TinyModels.random(kernels, config, 5);
        assertGradient(model, trial(model, kernels, dropout));
    }

    private static void assertGradient(MusicTransformer model, Trial trial) {
        Kernels kernels = model.kernels();
        double[] gradient = trial.gradient();
        double[] weights = kernels.readDoubles(model.trainable().flat());
        RandomGenerator random = new RandomStreams(3).stream(RandomStreams.Purpose.NOISE);
        int checked = 0;
        for (ParameterLayout.Entry e : model.trainable().layout().entries()) {
            int largest = largest(gradient, e);
            assertTrue(Math.abs(gradient[largest]) > 1e-4, () -> e.name() + " takes no part: " + gradient[largest]);
            int[] places = {largest, e.offset() + random.nextInt(e.size()), e.offset() + random.nextInt(e.size())};
            for (int place : places) {
                double slope = slope(trial, model, weights, place);
                double tolerance = TOLERANCE * Math.abs(gradient[largest]);
                assertEquals(slope, gradient[place], tolerance, () -> e.name() + " at " + (place - e.offset()));
                checked++;
            }
        }
        assertEquals(3 * model.trainable().layout().entries().size(), checked);
    }

    private static int largest(double[] gradient, ParameterLayout.Entry e) {
        int best = e.offset();
        for (int i = e.offset(); i < e.offset() + e.size(); i++) {
            best = Math.abs(gradient[i]) > Math.abs(gradient[best]) ? i : best;
        }
        return best;
    }

    private static double slope(Trial trial, MusicTransformer model, double[] weights, int place) {
        Tensor one = model.trainable().flat().slice(place, 1, 1);
        model.kernels().fill(one, weights[place] + STEP);
        double above = trial.loss();
        model.kernels().fill(one, weights[place] - STEP);
        double below = trial.loss();
        model.kernels().fill(one, weights[place]);
        return (above - below) / (2 * STEP);
    }

    @Test
    void withoutTextItsGradientStaysZeroAndTheRestIsTheSame() {
        try (Kernels kernels = new PortableKernels(Precision.DOUBLE)) {
            MusicTransformer model = TinyModels.random(kernels, TinyModels.config(3, Head.CODES), 5);
            Trial trial = trial(model, kernels);
            Parameters whole = model.zerosLike();
            trial.addGradient(whole);
            Parameters part = model.zerosLike();
            trial.addGradientWithoutText(part);
            for (ParameterLayout.Entry e : model.parameters().layout().entries()) {
                boolean text = e.part() == ParameterLayout.Part.TEXT_ENCODER;
                double[] expected = text ? new double[e.size()] : kernels.readDoubles(whole.get(e.name()));
                assertArrayEquals(expected, kernels.readDoubles(part.get(e.name())), 0.0, e.name());
            }
        }
    }

    /** A sequence without text gives zero gradients of the text encoder and the projection. */
    @Test
    void textThatIsAbsentGetsNoGradient() {
        try (Kernels kernels = new PortableKernels(Precision.DOUBLE)) {
            MusicTransformer model = TinyModels.random(kernels, TinyModels.config(1, Head.CODES), 5);
            List<Example> examples = List.of(Example.random(1, 1, STEPS, 1).withText());
            Parameters gradient = model.zerosLike();
            Trial.of(model, examples, STEPS, 3).addGradient(gradient);
            for (ParameterLayout.Entry e : model.parameters().layout().entries()) {
                boolean aboutText = e.part() == ParameterLayout.Part.TEXT_ENCODER
                        || e.name().startsWith(ParameterNames.PROJECTION)
                        || e.name().contains("encoder_attn.");
                double[] values = kernels.readDoubles(gradient.get(e.name()));
                if (aboutText) {
                    assertArrayEquals(new double[values.length], values, 0.0, e.name());
                }
            }
        }
    }
}
