package org.encore.model.decoding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.Tensor;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.text.TextTokenizer;
import org.encore.model.text.WordTokenizer;
import org.encore.model.transformer.Activations;
import org.encore.model.transformer.Activations.ActivationCheckpointing;
import org.encore.model.transformer.Activations.TextEncoding;
import org.encore.model.transformer.LoraSettings.Target;
import org.encore.model.transformer.ModelBatch;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.ModelConfig.Head;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.transformer.Parameters;
import org.encore.model.transformer.TinyModels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Passes that bring the states of their text, against passes that compute them, in 64 bits. */
class FrozenTextTest {
    private static final int STEPS = 16;

    @TempDir
    Path directory;

    /** Prompts of different lengths, one of them hidden. */
    private static final List<CodeSequence> SEQUENCES = List.of(
            CodeSequence.of(new int[][] {{1, 2, 3, 4}, {4, 5, 6, 0}}, "a b a b a b a b a"),
            CodeSequence.of(new int[][] {{5, 6}, {1, 1}}, "b"),
            new CodeSequence(new int[][] {{3, 3, 3}, {2, 0, 1}}, "b b", false));

    private TextTokenizer tokenizer() throws IOException {
        WordTokenizer.write(List.of("<pad>", "</s>", "<unk>", "a", "b"), directory);
        return TextTokenizer.load(directory, 16);
    }

    private static ModelBatch laidOut(TextTokenizer tokenizer, Optional<FrozenText> text) {
        DelayPattern pattern = new DelayPattern(2, TinyModels.VOCABULARY);
        return new CodeBatcher(pattern, tokenizer, STEPS, text)
                .cut(SEQUENCES, SEQUENCES.size())
                .get(0)
                .batch()
                .inputs();
    }

    private static Activations activations(Kernels kernels, MusicTransformer model, TextEncoding encoding) {
        BatchShape capacity = new BatchShape(2 * SEQUENCES.size(), STEPS, 16);
        return new Activations(kernels, model.config(), capacity, ActivationCheckpointing.RECOMPUTED, encoding);
    }

    /** Logits and the gradient of their sum, weighted by place. */
    private static List<float[]> pass(MusicTransformer model, Activations activations, ModelBatch batch) {
        Kernels kernels = model.kernels();
        model.forward(activations, batch);
        Parameters gradient = model.zerosLike();
        List<float[]> results = new ArrayList<>();
        for (Tensor logits : model.logits(activations, batch)) {
            float[] values = kernels.readFloats(logits);
            results.add(values);
            float[] weights = new float[values.length];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = (i % 13 - 6) / 10.0f;
            }
            kernels.write(logits, weights);
        }
        model.backwardWithoutText(activations, batch, gradient);
        results.add(kernels.readFloats(gradient.flat()));
        return results;
    }

    @ParameterizedTest
    @ValueSource(doubles = {1.0, 3.0})
    void statesAsGivenAreThoseOfThePass(double guidance) throws IOException {
        try (Kernels kernels = new PortableKernels(Precision.DOUBLE);
                TextTokenizer tokenizer = tokenizer()) {
            MusicTransformer base = TinyModels.random(kernels, TinyModels.config(2, Head.CODES), 3);
            MusicTransformer model = TinyModels.adapted(
                    base, Head.CODES, List.of(Target.Q_PROJ, Target.K_PROJ, Target.V_PROJ, Target.FC1), 5);
            List<float[]> computed = pass(
                    model,
                    activations(kernels, model, TextEncoding.FROZEN),
                    laidOut(tokenizer, Optional.empty()).guided(guidance));
            FrozenText text = new FrozenText(base, tokenizer);
            // Twice: what is remembered is what was computed.
            for (int i = 0; i < 2; i++) {
                List<float[]> given = pass(
                        model,
                        activations(kernels, model, TextEncoding.GIVEN),
                        laidOut(tokenizer, Optional.of(text)).guided(guidance));
                assertEquals(3, given.size());
                for (int k = 0; k < given.size(); k++) {
                    assertArrayEquals(computed.get(k), given.get(k), 1e-5f);
                }
            }
            double norm = 0;
            for (float each : computed.get(2)) {
                norm += (double) each * each;
            }
            assertTrue(norm > 1.0, "a gradient of " + norm);
        }
    }

    /** With guidance the rows of the text decide, so its states cannot have been left out of both passes alike. */
    @Test
    void statesReachTheLogits() throws IOException {
        try (Kernels kernels = new PortableKernels(Precision.DOUBLE);
                TextTokenizer tokenizer = tokenizer()) {
            MusicTransformer model = TinyModels.random(kernels, TinyModels.config(2, Head.CODES), 3);
            Activations activations = activations(kernels, model, TextEncoding.GIVEN);
            ModelBatch batch = laidOut(tokenizer, Optional.of(new FrozenText(model, tokenizer)));
            model.forward(activations, batch);
            float[] read = kernels.readFloats(model.logits(activations, batch).get(0));
            ModelBatch other = batch.withTextStates(new float[batch.textStates().length]);
            model.forward(activations, other);
            float[] ignored =
                    kernels.readFloats(model.logits(activations, other).get(0));
            assertTrue(!Arrays.equals(read, ignored));
        }
    }

    @Test
    void buffersWithoutTextEncoderRefuseAPassThatNeedsIt() throws IOException {
        try (Kernels kernels = new PortableKernels(Precision.DOUBLE);
                TextTokenizer tokenizer = tokenizer()) {
            MusicTransformer model = TinyModels.random(kernels, TinyModels.config(2, Head.CODES), 3);
            ModelBatch batch = laidOut(tokenizer, Optional.empty());
            Activations given = activations(kernels, model, TextEncoding.GIVEN);
            assertThrows(IllegalArgumentException.class, () -> model.forward(given, batch));
            Activations frozen = activations(kernels, model, TextEncoding.FROZEN);
            model.forward(frozen, batch);
            assertThrows(IllegalStateException.class, () -> model.backward(frozen, batch, model.zerosLike()));
        }
    }
}
