package org.encore.model.transformer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.encore.model.kernels.Dropout;
import org.encore.model.kernels.KernelChoice;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.transformer.Activations.ActivationCheckpointing;
import org.encore.model.transformer.Activations.TextEncoding;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.ModelConfig.Head;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Recomputed against kept blocks: equal gradients, and the memory of both. */
class RecomputationTest {
    private static final int STEPS = 9;
    private static final int TEXT_TOKENS = 5;

    static Stream<Arguments> cases() {
        return Stream.of(
                        TinyModels.config(1, Head.CODES),
                        TinyModels.config(2, Head.SCALAR),
                        TinyModels.withoutText(3, Head.CODES))
                .flatMap(config -> Stream.of(Precision.values())
                        .flatMap(precision -> Stream.of(Dropout.none(), new Dropout(0.3, 5))
                                .map(dropout -> Arguments.of(config, precision, dropout))));
    }

    private static double[] gradient(MusicTransformer model, ActivationCheckpointing checkpointing, Dropout dropout) {
        Kernels kernels = model.kernels();
        List<Example> examples = Example.several(2, model.config().decoder().codebooks(), STEPS, TEXT_TOKENS);
        ModelBatch batch = Example.batch(examples, STEPS, TEXT_TOKENS).with(dropout, dropout);
        Activations activations = new Activations(kernels, model.config(), batch.shape(), checkpointing);
        Trial trial = new Trial(model, examples, batch, activations, List.of());
        // A second pass through the same buffers must not depend on the first.
        trial.gradient();
        return trial.gradient();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientsAreTheSameToTheBit(ModelConfig config, Precision precision, Dropout dropout) {
        try (Kernels kernels = KernelChoice.best(precision).open()) {
            MusicTransformer model = TinyModels.random(kernels, config, 3);
            double[] kept = gradient(model, ActivationCheckpointing.KEPT, dropout);
            assertArrayEquals(kept, gradient(model, ActivationCheckpointing.RECOMPUTED, dropout), 0.0);
            MusicTransformer adapted =
                    TinyModels.adapted(model, config.head(), List.of(LoraSettings.Target.values()), 4);
            assertArrayEquals(
                    gradient(adapted, ActivationCheckpointing.KEPT, dropout),
                    gradient(adapted, ActivationCheckpointing.RECOMPUTED, dropout),
                    0.0);
            assertTrue(Arrays.stream(kept).anyMatch(value -> value != 0.0), "the gradient is zero");
        }
    }

    @Test
    void theElementsThatAreForeseenAreThoseThatAreAllocated() {
        BatchShape capacity = new BatchShape(3, 17, 6);
        for (ModelConfig config : List.of(TinyModels.config(2, Head.CODES), TinyModels.withoutText(1, Head.SCALAR))) {
            for (ActivationCheckpointing checkpointing : ActivationCheckpointing.values()) {
                try (Kernels kernels = new PortableKernels(Precision.SINGLE)) {
                    new Activations(kernels, config, capacity, checkpointing);
                    long expected = kernels.allocatedBytes() / Float.BYTES;
                    assertEquals(
                            expected,
                            Activations.elements(config, capacity, checkpointing, TextEncoding.TRAINED),
                            () -> config + " " + checkpointing);
                }
            }
        }
    }

    /**
     * Of N rows, a block keeps two normalisations (2D + 1 each), 3D of queries, keys and values, H log-sums, D attended and 2I; recomputed it keeps D.
     */
    @Test
    void deepModelsKeepOneBlockAndTheInputsOfAll() {
        int layers = 12;
        int d = 8;
        int f = 32;
        int h = 2;
        DecoderConfig decoder = new DecoderConfig(5, 1, d, f, layers, h, 64, Activation.GELU);
        ModelConfig config = ModelConfig.withoutText(decoder, Head.CODES);
        BatchShape capacity = new BatchShape(2, 10, 0);
        int perRow = 2 * (2 * d + 1) + 3 * d + h + d + 2 * f;
        long saved = capacity.rows() * ((layers - 1L) * perRow - (long) layers * d);
        assertEquals(
                saved,
                Activations.elements(config, capacity, ActivationCheckpointing.KEPT, TextEncoding.TRAINED)
                        - Activations.elements(
                                config, capacity, ActivationCheckpointing.RECOMPUTED, TextEncoding.TRAINED));
    }

    @Test
    void buffersThatNoArrayCanHoldAreRefusedInsteadOfWrappingAround() {
        ModelConfig config = TinyModels.config(1, Head.CODES);
        BatchShape tooLarge = new BatchShape(1 << 16, 1 << 12, 6);
        assertThrows(
                ArithmeticException.class,
                () -> Activations.elements(config, tooLarge, ActivationCheckpointing.KEPT, TextEncoding.TRAINED));
    }
}
