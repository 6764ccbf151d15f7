package org.encore.model.transformer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.encore.model.kernels.DecodingKernels.Packing;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.transformer.IncrementalDecoder.StepRows;
import org.encore.model.transformer.ModelConfig.Head;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IncrementalDecoderTest {
    private static final int CODEBOOKS = 2;
    private static final int STEPS = 9;
    private static final int TEXT_TOKENS = 5;

    /** Texts of all, of two and of no tokens. */
    private static final List<Example> EXAMPLES = List.of(
            Example.random(1, CODEBOOKS, STEPS, TEXT_TOKENS),
            Example.random(2, CODEBOOKS, STEPS, 2),
            Example.random(3, CODEBOOKS, STEPS, 1).withText());

    private static double tolerance(Precision precision) {
        return precision == Precision.DOUBLE ? 1e-12 : 1e-4;
    }

    private static IncrementalDecoder decoder(MusicTransformer model, int textTokens) {
        return new IncrementalDecoder(
                model,
                new PackedDecoder(model, Packing.FLOAT32),
                new IncrementalDecoder.Capacity(EXAMPLES.size(), STEPS + 2, textTokens, Packing.FLOAT32));
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void decodingStepByStepGivesTheLogitsOfOnePass(Precision precision) {
        try (Kernels kernels = new PortableKernels(precision)) {
            MusicTransformer model = TinyModels.random(kernels, TinyModels.config(CODEBOOKS, Head.CODES), 5);
            ModelBatch batch = Example.batch(EXAMPLES, STEPS, TEXT_TOKENS);
            double[] expected = Trial.of(model, EXAMPLES, STEPS, TEXT_TOKENS).outputs();
            try (IncrementalDecoder decoder = decoder(model, TEXT_TOKENS + 3)) {
                // Twice, because a decoder is reused; then each sequence begins two steps after the one before.
                assertArrayEquals(expected, decoded(decoder, model, batch, 0), tolerance(precision));
                assertArrayEquals(expected, decoded(decoder, model, batch, 0), tolerance(precision));
                assertArrayEquals(expected, decoded(decoder, model, batch, 2), tolerance(precision));
                assertArrayEquals(expected, decoded(decoder, model, batch, STEPS), tolerance(precision));
            }
        }
    }

    /** Packed weights follow the adapters when they are refreshed. */
    @ParameterizedTest
    @EnumSource(Precision.class)
    void soItIsWithAdapters(Precision precision) {
        try (Kernels kernels = new PortableKernels(precision)) {
            MusicTransformer base = TinyModels.random(kernels, TinyModels.config(CODEBOOKS, Head.CODES), 5);
            MusicTransformer model = TinyModels.adapted(base, Head.CODES, List.of(LoraSettings.Target.values()), 4);
            ModelBatch batch = Example.batch(EXAMPLES, STEPS, TEXT_TOKENS);
            PackedDecoder packed = new PackedDecoder(model, Packing.FLOAT32);
            try (IncrementalDecoder decoder = new IncrementalDecoder(
                    model,
                    packed,
                    new IncrementalDecoder.Capacity(EXAMPLES.size(), STEPS, TEXT_TOKENS, Packing.FLOAT32))) {
                double[] first = Trial.of(model, EXAMPLES, STEPS, TEXT_TOKENS).outputs();
                assertArrayEquals(first, decoded(decoder, model, batch, 0), tolerance(precision));
                kernels.scale(model.trainable().flat(), -0.5);
                packed.refresh();
                double[] second = Trial.of(model, EXAMPLES, STEPS, TEXT_TOKENS).outputs();
                assertFalse(Arrays.equals(first, second));
                assertArrayEquals(second, decoded(decoder, model, batch, 0), tolerance(precision));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void soItIsWithoutText(Precision precision) {
        try (Kernels kernels = new PortableKernels(precision)) {
            MusicTransformer model = TinyModels.random(kernels, TinyModels.withoutText(CODEBOOKS, Head.CODES), 5);
            List<Example> silent = EXAMPLES.stream().map(Example::withText).toList();
            double[] expected = Trial.of(model, silent, STEPS, 0).outputs();
            try (IncrementalDecoder decoder = decoder(model, 0)) {
                assertArrayEquals(
                        expected, decoded(decoder, model, Example.batch(silent, STEPS, 0), 1), tolerance(precision));
            }
        }
    }

    /** Logits {@code [K][B * T, V]} in one array, where sequence b begins {@code stagger · b} steps after the first. */
    static double[] decoded(IncrementalDecoder decoder, MusicTransformer model, ModelBatch batch, int stagger) {
        int sequences = batch.shape().batch();
        int tokens = batch.shape().textTokens();
        int width = TinyModels.VOCABULARY;
        double[] result = new double[CODEBOOKS * sequences * STEPS * width];
        for (int t = 0; t < STEPS + stagger * (sequences - 1); t++) {
            int now = t;
            int[] live = IntStream.range(0, sequences)
                    .filter(b -> now >= stagger * b && now < stagger * b + STEPS)
                    .toArray();
            StepRows rows = decoder.rows(live.length);
            for (int i = 0; i < live.length; i++) {
                int b = live[i];
                int step = t - stagger * b;
                if (step == 0) {
                    decoder.start(
                            b,
                            Arrays.copyOfRange(batch.textIds(), b * tokens, (b + 1) * tokens),
                            Arrays.copyOfRange(batch.textValidity(), b * tokens, (b + 1) * tokens));
                }
                rows.slots()[i] = b;
                for (int k = 0; k < CODEBOOKS; k++) {
                    rows.inputs(k)[i] = batch.inputs()[k][b * STEPS + step];
                }
            }
            decoder.step(rows);
            for (int k = 0; k < CODEBOOKS; k++) {
                double[] logits = model.kernels().readDoubles(rows.logits(k));
                for (int i = 0; i < live.length; i++) {
                    int row = (k * sequences + live[i]) * STEPS + t - stagger * live[i];
                    System.arraycopy(logits, i * width, result, row * width, width);
                }
            }
        }
        return result;
    }
}
