package org.encore.model.optimiser;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.transformer.ModelConfig.Head;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.transformer.ParameterLayout;
import org.encore.model.transformer.ParameterLayout.ParameterNames;
import org.encore.model.transformer.ParameterLayout.Part;
import org.encore.model.transformer.Parameters;
import org.encore.model.transformer.TinyModels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdamWTest {
    private static final List<Part> ALL = List.of(Part.values());

    private static MusicTransformer model(Kernels kernels) {
        return TinyModels.random(kernels, TinyModels.config(2, Head.CODES), 4);
    }

    private static Parameters gradient(MusicTransformer model, int index, double size) {
        RandomGenerator random = new RandomStreams(13).stream(RandomStreams.Purpose.NOISE, index);
        double[] values = random.doubles(model.parameters().layout().size())
                .map(u -> size * (2.0 * u - 1.0))
                .toArray();
        Parameters gradient = model.zerosLike();
        model.kernels().write(gradient.flat(), values);
        return gradient;
    }

    /** AdamW as plain loops over the whole vector, in 64 bits. */
    private static final class Oracle {
        private final AdamW.Settings settings;
        private final double[] weights;
        private final double[] first;
        private final double[] second;
        private int step;

        Oracle(AdamW.Settings settings, double[] weights) {
            this.settings = settings;
            this.weights = weights;
            this.first = new double[weights.length];
            this.second = new double[weights.length];
        }

        void update(ParameterLayout layout, double[] gradient, List<Part> trained, double rateFactor) {
            double squares = 0;
            for (ParameterLayout.Entry e : layout.entries()) {
                for (int i = e.offset(); trained.contains(e.part()) && i < e.offset() + e.size(); i++) {
                    squares += gradient[i] * gradient[i];
                }
            }
            double clip = Math.min(1.0, settings.maxGradNorm() / Math.sqrt(squares));
            step++;
            for (ParameterLayout.Entry e : layout.entries()) {
                for (int i = e.offset(); trained.contains(e.part()) && i < e.offset() + e.size(); i++) {
                    move(i, gradient[i] * clip, settings.learningRate() * rateFactor, decays(e));
                }
            }
        }

        private void move(int i, double g, double rate, boolean decays) {
            first[i] += (1 - settings.beta1()) * (g - first[i]);
            second[i] += (1 - settings.beta2()) * (g * g - second[i]);
            double mean = first[i] / (1 - Math.pow(settings.beta1(), step));
            double square = second[i] / (1 - Math.pow(settings.beta2(), step));
            double old = weights[i];
            weights[i] -= rate * mean / (Math.sqrt(square) + settings.epsilon());
            weights[i] -= decays ? rate * settings.weightDecay() * old : 0.0;
        }

        /** Matrices decay; embeddings, position biases and vectors do not. */
        private static boolean decays(ParameterLayout.Entry e) {
            boolean matrix = e.shape().size() == 2;
            boolean table = e.name().contains("embed_tokens")
                    || e.name().equals(ParameterNames.TEXT_EMBEDDING)
                    || e.name().equals(ParameterNames.RELATIVE_BIAS);
            return matrix && !table;
        }
    }

    @ParameterizedTest
    @CsvSource({"DOUBLE, 1e-12, 1000", "DOUBLE, 1e-12, 0.5", "SINGLE, 2e-6, 0.5"})
    void updatesAgreeWithPlainLoops(Precision precision, double tolerance, double maxNorm) {
        try (Kernels kernels = new PortableKernels(precision)) {
            MusicTransformer model = model(kernels);
            AdamW.Settings settings = new AdamW.Settings(0.01, 0.9, 0.95, 1e-8, 0.1, maxNorm);
            AdamW optimiser = new AdamW(model, settings, ALL);
            Oracle oracle =
                    new Oracle(settings, kernels.readDoubles(model.parameters().flat()));
            for (int step = 1; step <= 4; step++) {
                Parameters gradient = gradient(model, step, 0.1 * step);
                double[] values = kernels.readDoubles(gradient.flat());
                optimiser.update(gradient, optimiser.gradientNorm(gradient), 1.0 / step);
                oracle.update(model.parameters().layout(), values, ALL, 1.0 / step);
                assertArrayEquals(values, kernels.readDoubles(gradient.flat()), 0.0, "the gradient stays");
            }
            assertEquals(4, optimiser.step());
            assertArrayEquals(
                    oracle.weights, kernels.readDoubles(model.parameters().flat()), tolerance);
            assertArrayEquals(
                    oracle.first, kernels.readDoubles(optimiser.firstMoment().flat()), tolerance);
            assertArrayEquals(
                    oracle.second, kernels.readDoubles(optimiser.secondMoment().flat()), tolerance);
        }
    }

    @Test
    void aFrozenPartKeepsItsBitsAndDoesNotCountInTheNorm() {
        try (Kernels kernels = new PortableKernels(Precision.SINGLE)) {
            MusicTransformer model = model(kernels);
            AdamW optimiser = new AdamW(model, AdamW.Settings.defaults(), List.of(Part.CROSS_ATTENTION, Part.DECODER));
            float[] before = kernels.readFloats(model.parameters().flat());
            Parameters gradient = gradient(model, 1, 1.0);
            float[] values = kernels.readFloats(gradient.flat());
            double squares = 0;
            int text = 0;
            for (ParameterLayout.Entry e : model.parameters().layout().entries()) {
                text += e.part() == Part.TEXT_ENCODER ? e.size() : 0;
            }
            for (int i = text; i < values.length; i++) {
                squares += (double) values[i] * values[i];
            }
            assertEquals(Math.sqrt(squares), optimiser.gradientNorm(gradient), 1e-4);
            kernels.fill(gradient.get(ParameterNames.TEXT_EMBEDDING), Double.NaN);
            optimiser.update(gradient, optimiser.gradientNorm(gradient), 1.0);
            float[] after = kernels.readFloats(model.parameters().flat());
            for (int i = 0; i < before.length; i++) {
                boolean same = Float.floatToRawIntBits(before[i]) == Float.floatToRawIntBits(after[i]);
                assertEquals(i < text, same, "parameter " + i);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
    void gradientsThatAreNotFiniteAreRefused(double bad) {
        try (Kernels kernels = new PortableKernels(Precision.SINGLE)) {
            MusicTransformer model = model(kernels);
            AdamW optimiser = new AdamW(model, AdamW.Settings.defaults(), ALL);
            float[] before = kernels.readFloats(model.parameters().flat());
            Parameters gradient = gradient(model, 1, 1.0);
            kernels.fill(gradient.flat().slice(17, 1, 1), bad);
            double norm = optimiser.gradientNorm(gradient);
            assertTrue(!Double.isFinite(norm));
            assertThrows(IllegalArgumentException.class, () -> optimiser.update(gradient, norm, 1.0));
            assertEquals(0, optimiser.step());
            assertArrayEquals(before, kernels.readFloats(model.parameters().flat()), 0.0f);
        }
    }

    /** Interrupted after two updates and restored, the third gives the same bits. */
    @Test
    void aRestoredOptimiserContinuesWithTheSameBits() {
        try (Kernels kernels = new PortableKernels(Precision.SINGLE)) {
            MusicTransformer whole = model(kernels);
            AdamW first = new AdamW(whole, AdamW.Settings.defaults(), ALL);
            for (int step = 1; step <= 2; step++) {
                Parameters gradient = gradient(whole, step, 1.0);
                first.update(gradient, first.gradientNorm(gradient), 1.0);
            }
            MusicTransformer resumed = model(kernels);
            AdamW second = new AdamW(resumed, AdamW.Settings.defaults(), ALL);
            kernels.copy(whole.parameters().flat(), resumed.parameters().flat());
            kernels.copy(first.firstMoment().flat(), second.firstMoment().flat());
            kernels.copy(first.secondMoment().flat(), second.secondMoment().flat());
            second.restore(first.step());
            Parameters gradient = gradient(whole, 3, 1.0);
            first.update(gradient, first.gradientNorm(gradient), 1.0);
            second.update(gradient, second.gradientNorm(gradient), 1.0);
            assertEquals(3, second.step());
            assertArrayEquals(
                    kernels.readFloats(whole.parameters().flat()),
                    kernels.readFloats(resumed.parameters().flat()),
                    0.0f);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.9, 0.9, 1e-8, 0, 1, learningRate is 0.0",
        "2, 0.9, 0.9, 1e-8, 0, 1, learningRate is 2.0",
        "NaN, 0.9, 0.9, 1e-8, 0, 1, learningRate is NaN",
        "0.1, 1, 0.9, 1e-8, 0, 1, beta1 is 1.0",
        "0.1, 0.9, -0.1, 1e-8, 0, 1, beta2 is -0.1",
        "0.1, 0.9, 0.9, 0, 0, 1, epsilon is 0.0",
        "0.1, 0.9, 0.9, 1e-8, 1, 1, weightDecay is 1.0",
        "0.1, 0.9, 0.9, 1e-8, 0, 0, maxGradNorm is 0.0",
        "0.1, 0.9, 0.9, 1e-8, 0, NaN, maxGradNorm is NaN"
    })
    void settingsOutOfRangeAreRefused(
            double rate, double beta1, double beta2, double epsilon, double decay, double norm, String message) {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> new AdamW.Settings(rate, beta1, beta2, epsilon, decay, norm));
        assertTrue(e.getMessage().startsWith(message + ", but must lie in "), e.getMessage());
    }
}
