package org.encore.model.encodec.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.model.encodec.EncodecConfig;
import org.encore.model.encodec.EncodecConfig.KernelWidths;
import org.encore.model.encodec.EncodecConfig.PadMode;
import org.encore.model.encodec.EncodecModel;
import org.encore.model.encodec.EncodecParameters;
import org.encore.model.encodec.training.CodecLoss.Terms;
import org.encore.model.encodec.training.CodecPass.Held;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.Tensor;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.kernels.simd.SimdKernelsProvider;
import org.encore.music.audio.spectrum.MelLoss;
import org.junit.jupiter.api.Test;

class CodecPassTest {
    private static final int SAMPLES = 132;
    private static final int[] LEVELS = {3, 1};
    private static final CodecLoss.Settings LOSS =
            new CodecLoss.Settings(2.0, 1.0, 3.0, new MelLoss.Settings(List.of(64, 128), 16, 1.0, 0.5, -60.0));

    /** Sizes of a tiny codec: 22 frames of 6 samples a clip. */
    static EncodecConfig config() {
        return new EncodecConfig(
                8000,
                1,
                5,
                4,
                1,
                List.of(3, 2),
                new KernelWidths(7, 7, 3),
                2,
                false,
                PadMode.REFLECT,
                2,
                1,
                1.0,
                false,
                3,
                8);
    }

    /** A codec as training begins with it, with codebooks near its frames. */
    static EncodecModel model(Kernels kernels) {
        EncodecParameters parameters = new EncodecParameters(kernels, config());
        RandomStreams streams = new RandomStreams(1);
        CodecInitialisation.draw(kernels, config(), parameters, streams.stream(Purpose.INITIALISATION));
        EncodecModel model = new EncodecModel(config(), parameters);
        double[] latents = new CodecPass(model, kernels, LOSS, 2, SAMPLES).latents(clips());
        new CodebookLearning(CodebookLearning.Settings.defaults(), config(), kernels, parameters)
                .initialise(latents, 1, streams.stream(Purpose.SAMPLING));
        return model;
    }

    private static List<float[]> clips() {
        RandomGenerator random = new RandomStreams(2).stream(Purpose.NOISE);
        List<float[]> clips = new ArrayList<>();
        for (int b = 0; b < 2; b++) {
            float[] clip = new float[SAMPLES];
            for (int i = 0; i < SAMPLES; i++) {
                clip[i] = (float) (0.3 * random.nextGaussian());
            }
            clips.add(clip);
        }
        return clips;
    }

    private static double total(CodecPass.Found found) {
        return found.terms().stream().mapToDouble(terms -> terms.total(LOSS)).sum();
    }

    /**
     * Every weight of encoder and decoder, against central differences of the loss whose codes and offsets are held: what the
     * straight-through estimator is the gradient of.
     */
    @Test
    void theWholeCodecAgreesWithFiniteDifferences() {
        try (Kernels kernels = new PortableKernels(Precision.DOUBLE)) {
            EncodecModel model = model(kernels);
            CodecPass pass = new CodecPass(model, kernels, LOSS, 2, SAMPLES);
            CodecPass.Found found = pass.measure(clips(), LEVELS);
            pass.hold(new Held(found.codes(), offsets(model, kernels, found)));
            CodecPass.Found learned = pass.learn(clips(), LEVELS, 0.5);
            assertEquals(total(found), total(learned), 1e-9);
            int checked = 0;
            RandomGenerator random = new RandomStreams(3).stream(Purpose.NOISE);
            for (String name : model.parameters().names()) {
                double[] slopes = kernels.readDoubles(pass.gradient().get(name));
                if (name.startsWith("quantizer")) {
                    assertArrayEquals(new double[slopes.length], slopes, name);
                    continue;
                }
                int largest = 0;
                for (int i = 0; i < slopes.length; i++) {
                    largest = Math.abs(slopes[i]) > Math.abs(slopes[largest]) ? i : largest;
                }
                double size = Math.abs(slopes[largest]);
                assertTrue(size > 1e-7, name + " takes no part");
                for (int place : new int[] {largest, random.nextInt(slopes.length)}) {
                    double slope = slope(kernels, model.parameters().get(name), place, pass);
                    assertEquals(0.5 * slope, slopes[place], 2e-5 * size + 1e-9, name + " at " + place);
                    checked++;
                }
            }
            assertTrue(checked > 40);
        }
    }

    private static double slope(Kernels kernels, Tensor variable, int place, CodecPass pass) {
        double step = 1e-6;
        double[] values = kernels.readDoubles(variable);
        double centre = values[place];
        values[place] = centre + step;
        kernels.write(variable, values);
        double above = total(pass.measure(clips(), LEVELS));
        values[place] = centre - step;
        kernels.write(variable, values);
        double below = total(pass.measure(clips(), LEVELS));
        values[place] = centre;
        kernels.write(variable, values);
        return (above - below) / (2 * step);
    }

    /** Quantised minus latent frames, by the codebooks that each clip uses. */
    private static double[] offsets(EncodecModel model, Kernels kernels, CodecPass.Found found) {
        int width = config().hidden();
        int frames = SAMPLES / config().hop();
        double[] offsets = new double[found.latents().length];
        for (int f = 0; f < 2 * frames; f++) {
            for (int i = 0; i < width; i++) {
                offsets[f * width + i] = -found.latents()[f * width + i];
                for (int k = 0; k < LEVELS[f / frames]; k++) {
                    double[] rows = kernels.readDoubles(model.parameters().get(EncodecParameters.codebook(k)));
                    offsets[f * width + i] += rows[found.codes()[k][f] * width + i];
                }
            }
        }
        return offsets;
    }

    /** What training hears is what the codec plays. */
    @Test
    void thePassIsThatOfTheCodec() {
        try (Kernels kernels = new PortableKernels(Precision.DOUBLE)) {
            EncodecModel model = model(kernels);
            CodecPass.Found found = new CodecPass(model, kernels, LOSS, 2, SAMPLES).measure(clips(), new int[] {3, 3});
            int frames = SAMPLES / config().hop();
            Tensor input = kernels.allocate(2 * frames, config().hidden());
            model.quantiser(kernels, 2 * frames).decode(found.codes(), input);
            double[] played =
                    kernels.readDoubles(model.decoder(kernels, 2, frames).forward(input, 2));
            assertArrayEquals(played, found.decoded(), 1e-9);
            double sum = 0.0;
            for (int i = 0; i < SAMPLES; i++) {
                sum += Math.abs(found.decoded()[i] - clips().get(0)[i]) / SAMPLES;
            }
            assertEquals(sum, found.terms().get(0).waveform(), 1e-9);
        }
    }

    /** Clips do not see each other, and the SIMD kernels find what the portable ones do. */
    @Test
    void aClipIsWorthTheSameAloneAndOnOtherKernels() {
        try (Kernels exact = new PortableKernels(Precision.DOUBLE);
                Kernels simd = new SimdKernelsProvider().open(Precision.SINGLE)) {
            CodecPass together = new CodecPass(model(exact), exact, LOSS, 2, SAMPLES);
            CodecPass alone = new CodecPass(model(exact), exact, LOSS, 1, SAMPLES);
            CodecPass fast = new CodecPass(model(simd), simd, LOSS, 2, SAMPLES);
            List<Terms> expected = together.learn(clips(), LEVELS, 1.0).terms();
            List<Terms> found = fast.learn(clips(), LEVELS, 1.0).terms();
            for (int b = 0; b < 2; b++) {
                Terms single = alone.learn(clips().subList(b, b + 1), new int[] {LEVELS[b]}, 1.0)
                        .terms()
                        .get(0);
                assertEquals(expected.get(b).total(LOSS), single.total(LOSS), 1e-9);
                assertEquals(expected.get(b).total(LOSS), found.get(b).total(LOSS), 1e-3);
            }
            double[] sum = exact.readDoubles(together.gradient().flat());
            assertArrayEquals(sum, exact.readDoubles(alone.gradient().flat()), 1e-9);
            double size = Math.sqrt(exact.sumOfSquares(together.gradient().flat()) / sum.length);
            double[] other = simd.readDoubles(fast.gradient().flat());
            for (int i = 0; i < sum.length; i++) {
                assertEquals(sum[i], other[i], 0.02 * size);
            }
        }
    }

    @Test
    void clipsThatAreNoWholeFramesAreRefused() {
        try (Kernels kernels = new PortableKernels(Precision.DOUBLE)) {
            EncodecModel model = model(kernels);
            assertThrows(IllegalArgumentException.class, () -> new CodecPass(model, kernels, LOSS, 1, SAMPLES + 1));
        }
    }
}
