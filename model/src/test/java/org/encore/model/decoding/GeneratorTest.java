package org.encore.model.decoding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.encore.base.random.RandomStreams;
import org.encore.model.decoding.Generator.Generated;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.RowStatistics;
import org.encore.model.kernels.Tensor;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.text.TextTokenizer.TextBatch;
import org.encore.model.transformer.Activations;
import org.encore.model.transformer.ModelBatch;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.transformer.TinyModels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeneratorTest {
    private static final int FRAMES = 9;
    private static final int TOKENS = 3;
    private static final int[][] PROMPTS = {{4, 5, 1}, {7, 1}, {9, 8, 1}};

    private static TextBatch prompts(int... chosen) {
        int[] ids = new int[chosen.length * TOKENS];
        float[] validity = new float[ids.length];
        for (int b = 0; b < chosen.length; b++) {
            int[] prompt = PROMPTS[chosen[b]];
            System.arraycopy(prompt, 0, ids, b * TOKENS, prompt.length);
            Arrays.fill(validity, b * TOKENS, b * TOKENS + prompt.length, 1.0f);
        }
        return new TextBatch(chosen.length, TOKENS, ids, validity);
    }

    private static List<RandomGenerator> streams(int... chosen) {
        RandomStreams streams = new RandomStreams(21);
        return IntStream.of(chosen)
                .mapToObj(i -> streams.stream(RandomStreams.Purpose.SAMPLING, i))
                .collect(Collectors.toList());
    }

    private static MusicTransformer model(Kernels kernels, int codebooks) {
        return TinyModels.random(kernels, TinyModels.config(codebooks, ModelConfig.Head.CODES), 8);
    }

    private static SamplingSettings sampling(double temperature, double guidance) {
        return new SamplingSettings(temperature, 0, 1.0, guidance);
    }

    private static Generated generate(
            MusicTransformer model, SamplingSettings sampling, OptionalInt end, int... chosen) {
        Generator.Settings settings = new Generator.Settings(chosen.length, FRAMES, TOKENS, sampling, end);
        try (Generator generator = new Generator(model, settings)) {
            return generator.generate(prompts(chosen), streams(chosen));
        }
    }

    /** Logits of every codebook {@code [B * T, V]} of a full pass over the generated codes. */
    private static List<float[]> logits(MusicTransformer model, int[][][] codes, TextBatch text) {
        DelayPattern pattern = new DelayPattern(codes[0].length, TinyModels.VOCABULARY);
        int steps = pattern.steps(codes[0][0].length);
        BatchShape shape = new BatchShape(codes.length, steps, text.tokens());
        int[][] inputs = new int[pattern.codebooks()][shape.rows()];
        for (int b = 0; b < codes.length; b++) {
            int[][] own = pattern.inputs(codes[b]);
            for (int k = 0; k < own.length; k++) {
                System.arraycopy(own[k], 0, inputs[k], b * steps, steps);
            }
        }
        Activations activations = new Activations(model.kernels(), model.config(), shape);
        ModelBatch batch = new ModelBatch(shape, text.ids(), text.validity(), inputs);
        model.forward(activations, batch);
        return model.logits(activations, batch).stream()
                .map(rows -> model.kernels().readFloats(rows))
                .toList();
    }

    /** The log-probability of every step, summed over codebooks, {@code [B][T]}. */
    private static double[][] logProbs(MusicTransformer model, int[][][] codes, double inverse, List<float[]> logits) {
        DelayPattern pattern = new DelayPattern(codes[0].length, TinyModels.VOCABULARY);
        int steps = pattern.steps(codes[0][0].length);
        double[][] result = new double[codes.length][steps];
        for (int k = 0; k < pattern.codebooks(); k++) {
            Tensor rows = model.kernels().allocate(codes.length * steps, TinyModels.VOCABULARY);
            model.kernels().write(rows, logits.get(k));
            int[] targets = new int[codes.length * steps];
            for (int b = 0; b < codes.length; b++) {
                System.arraycopy(pattern.targets(codes[b])[k], 0, targets, b * steps, steps);
            }
            RowStatistics statistics = new RowStatistics(targets.length);
            model.kernels().policyRows(rows, inverse, targets, null, statistics);
            for (int i = 0; i < targets.length; i++) {
                result[i / steps][i % steps] +=
                        targets[i] < 0 ? 0.0 : statistics.logProbs()[i];
            }
        }
        return result;
    }

    @ParameterizedTest
    @CsvSource({"1, 1.0", "1, 0.7", "3, 1.0", "3, 0.7"})
    void logProbabilitiesAreThoseOfAFullPass(int codebooks, double temperature) {
        try (Kernels kernels = new PortableKernels(Precision.SINGLE)) {
            MusicTransformer model = model(kernels, codebooks);
            Generated generated = generate(model, sampling(temperature, 1.0), OptionalInt.empty(), 0, 1, 2);
            List<float[]> logits = logits(model, generated.codes(), prompts(0, 1, 2));
            assertClose(logProbs(model, generated.codes(), 1.0 / temperature, logits), generated.logProbs());
            assertArrayEquals(
                    new int[] {FRAMES + codebooks - 1, FRAMES + codebooks - 1, FRAMES + codebooks - 1},
                    generated.steps());
        }
    }

    /** A completion goes on from its own beginning as it did: the streams draw for the new codes alone, so greedily. */
    @ParameterizedTest
    @CsvSource({"1, 1.0", "3, 1.0", "3, 3.0"})
    void aPrefixIsContinued(int codebooks, double guidance) {
        try (Kernels kernels = new PortableKernels(Precision.SINGLE)) {
            MusicTransformer model = model(kernels, codebooks);
            Generator.Settings settings =
                    new Generator.Settings(2, FRAMES, TOKENS, SamplingSettings.greedy(guidance), OptionalInt.empty());
            try (Generator generator = new Generator(model, settings)) {
                int[][][] whole =
                        generator.generate(prompts(0, 1), streams(0, 1)).codes();
                List<int[][]> beginnings = new ArrayList<>();
                for (int[][] codes : whole) {
                    int[][] beginning = new int[codebooks][];
                    for (int k = 0; k < codebooks; k++) {
                        beginning[k] = Arrays.copyOf(codes[k], 2);
                    }
                    beginnings.add(beginning);
                }
                assertArrayEquals(
                        whole,
                        generator
                                .generate(prompts(0, 1), beginnings, streams(0, 1))
                                .codes());
                beginnings.get(1)[0][0] = (beginnings.get(1)[0][0] + 1) % TinyModels.VOCABULARY;
                Generated other = generator.generate(prompts(0, 1), beginnings, streams(0, 1));
                assertArrayEquals(whole[0], other.codes()[0]);
                assertEquals(beginnings.get(1)[0][0], other.codes()[1][0][0]);
                assertEquals(0.0, other.logProbs()[1][0], 0.0);
            }
        }
    }

    @Test
    void aModelWithoutTextPlaysAndRefusesGuidance() {
        try (Kernels kernels = new PortableKernels(Precision.SINGLE)) {
            MusicTransformer model = TinyModels.random(kernels, TinyModels.withoutText(3, ModelConfig.Head.CODES), 8);
            TextBatch none = new TextBatch(2, 0, new int[0], new float[0]);
            Generator.Settings settings = new Generator.Settings(2, FRAMES, 0, sampling(1.0, 1.0), OptionalInt.empty());
            try (Generator generator = new Generator(model, settings)) {
                Generated generated = generator.generate(none, streams(0, 1));
                List<float[]> logits = logits(model, generated.codes(), none);
                assertClose(logProbs(model, generated.codes(), 1.0, logits), generated.logProbs());
            }
            Generator.Settings guided = new Generator.Settings(2, FRAMES, 0, sampling(1.0, 3.0), OptionalInt.empty());
            assertThrows(IllegalArgumentException.class, () -> new Generator(model, guided));
        }
    }

    /** With guidance 3 the logits are {@code null + 3 (text - null)}. */
    @ParameterizedTest
    @CsvSource({"1", "3"})
    void guidedLogProbabilitiesAreThoseOfTwoFullPasses(int codebooks) {
        try (Kernels kernels = new PortableKernels(Precision.SINGLE)) {
            MusicTransformer model = model(kernels, codebooks);
            Generated generated = generate(model, sampling(1.0, 3.0), OptionalInt.empty(), 0, 1, 2);
            List<float[]> with = logits(model, generated.codes(), prompts(0, 1, 2));
            List<float[]> without =
                    logits(model, generated.codes(), prompts(0, 1, 2).withoutText());
            for (int k = 0; k < codebooks; k++) {
                for (int i = 0; i < with.get(k).length; i++) {
                    with.get(k)[i] = without.get(k)[i] + 3.0f * (with.get(k)[i] - without.get(k)[i]);
                }
            }
            assertClose(logProbs(model, generated.codes(), 1.0, with), generated.logProbs());
        }
    }

    private static void assertClose(double[][] expected, double[][] actual) {
        assertEquals(expected.length, actual.length);
        for (int b = 0; b < expected.length; b++) {
            assertArrayEquals(expected[b], actual[b], 1e-4, "sequence " + b);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1.0", "3, 1.0", "3, 2.5"})
    void aSequenceDoesNotDependOnItsNeighbours(int codebooks, double guidance) {
        try (Kernels kernels = new PortableKernels(Precision.SINGLE)) {
            MusicTransformer model = model(kernels, codebooks);
            SamplingSettings sampling = sampling(1.0, guidance);
            Generated together = generate(model, sampling, OptionalInt.empty(), 0, 1, 2);
            Generated turned = generate(model, sampling, OptionalInt.empty(), 2, 0, 1);
            for (int i = 0; i < 3; i++) {
                Generated alone = generate(model, sampling, OptionalInt.empty(), i);
                assertArrayEquals(together.codes()[i], alone.codes()[0]);
                assertArrayEquals(together.codes()[i], turned.codes()[(i + 1) % 3]);
                assertArrayEquals(together.logProbs()[i], alone.logProbs()[0], 1e-4);
            }
            assertNotEquals(Arrays.deepToString(together.codes()[0]), Arrays.deepToString(together.codes()[2]));
        }
    }

    @Test
    void aGeneratorUsedAgainGivesTheSameBits() {
        try (Kernels kernels = new PortableKernels(Precision.SINGLE)) {
            MusicTransformer model = model(kernels, 2);
            Generator.Settings settings =
                    new Generator.Settings(2, FRAMES, TOKENS, sampling(1.0, 1.0), OptionalInt.empty());
            try (Generator generator = new Generator(model, settings)) {
                Generated first = generator.generate(prompts(0, 1), streams(0, 1));
                generator.generate(prompts(2, 2), streams(5, 6));
                Generated second = generator.generate(prompts(0, 1), streams(0, 1));
                assertArrayEquals(first.codes(), second.codes());
                assertArrayEquals(first.logProbs(), second.logProbs());
            }
        }
    }

    /** With 7 codes most of these 8 sequences meet the end code within 9 frames, at different steps. */
    @Test
    void sequencesStopAtTheEndCode() {
        int end = 0;
        int[] chosen = {0, 1, 2, 0, 1, 2, 0, 1};
        try (Kernels kernels = new PortableKernels(Precision.SINGLE)) {
            MusicTransformer model = model(kernels, 1);
            Generator.Settings settings =
                    new Generator.Settings(8, FRAMES, TOKENS, sampling(1.0, 1.0), OptionalInt.of(end));
            Generator.Settings endless =
                    new Generator.Settings(8, FRAMES, TOKENS, sampling(1.0, 1.0), OptionalInt.empty());
            try (Generator stopping = new Generator(model, settings);
                    Generator endlessly = new Generator(model, endless)) {
                Generated generated = stopping.generate(prompts(chosen), streams(0, 1, 2, 3, 4, 5, 6, 7));
                Generated whole = endlessly.generate(prompts(chosen), streams(0, 1, 2, 3, 4, 5, 6, 7));
                for (int b = 0; b < 8; b++) {
                    assertStops(end, generated, whole, b);
                }
                assertTrue(Arrays.stream(generated.steps()).distinct().count() > 2, Arrays.toString(generated.steps()));
            }
        }
    }

    /** Up to the first end code a sequence equals the one without an end code; then it is empty. */
    private static void assertStops(int end, Generated generated, Generated whole, int b) {
        int[] codes = whole.codes()[b][0];
        int steps = FRAMES;
        for (int f = FRAMES - 1; f >= 0; f--) {
            steps = codes[f] == end ? f + 1 : steps;
        }
        assertEquals(steps, generated.steps()[b], "steps of sequence " + b);
        for (int f = 0; f < FRAMES; f++) {
            assertEquals(f < steps ? codes[f] : end, generated.codes()[b][0][f], "sequence " + b + ", frame " + f);
            double logProb = f < steps ? whole.logProbs()[b][f] : Double.NaN;
            assertEquals(logProb, generated.logProbs()[b][f], 1e-5, "sequence " + b + ", frame " + f);
        }
    }

    /** The most probable code of each step, found by full passes over the codes so far. */
    @Test
    void greedyPlaysTheMostProbableCodes() {
        try (Kernels kernels = new PortableKernels(Precision.SINGLE)) {
            MusicTransformer model = model(kernels, 1);
            int[][][] codes = generate(model, SamplingSettings.greedy(1.0), OptionalInt.empty(), 0, 1)
                    .codes();
            float[] logits = logits(model, codes, prompts(0, 1)).get(0);
            for (int row = 0; row < 2 * FRAMES; row++) {
                int generated = codes[row / FRAMES][0][row % FRAMES];
                for (int v = 0; v < TinyModels.VOCABULARY; v++) {
                    float other = logits[row * TinyModels.VOCABULARY + v];
                    assertTrue(other <= logits[row * TinyModels.VOCABULARY + generated] + 1e-4f, "row " + row);
                }
            }
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        try (Kernels kernels = new PortableKernels(Precision.SINGLE)) {
            MusicTransformer model = model(kernels, 2);
            SamplingSettings plain = SamplingSettings.defaults();
            Generator.Settings settings = new Generator.Settings(2, FRAMES, TOKENS, plain, OptionalInt.empty());
            try (Generator generator = new Generator(model, settings)) {
                assertThrows(IllegalArgumentException.class, () -> generator.generate(prompts(0, 1, 2), streams(0, 1)));
                assertThrows(IllegalArgumentException.class, () -> generator.generate(prompts(0), streams(0, 1)));
                assertThrows(IllegalArgumentException.class, () -> generator.generate(prompts(0, 1), streams(0)));
            }
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new Generator(model, new Generator.Settings(1, 2, 1, plain, OptionalInt.of(0))));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new Generator(model, new Generator.Settings(1, 100, 1, plain, OptionalInt.empty())));
            assertThrows(
                    IllegalArgumentException.class, () -> new Generator.Settings(1, 0, 1, plain, OptionalInt.empty()));
        }
    }
}
