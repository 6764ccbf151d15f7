package org.encore.model.decoding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.model.kernels.DecodingKernels.Packing;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.kernels.simd.SimdKernelsProvider;
import org.encore.model.text.TextTokenizer.TextBatch;
import org.encore.model.transformer.IncrementalDecoder;
import org.encore.model.transformer.LoraSettings;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.transformer.PackedDecoder;
import org.encore.model.transformer.TinyModels;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Guarantees of decoding with SIMD kernels beyond correct results. */
class FastDecodingTest {
    private static final int FRAMES = 20;
    private static final int TOKENS = 4;
    private static final int SEQUENCES = 11;

    private Kernels kernels;

    @BeforeEach
    void open() {
        kernels = new SimdKernelsProvider().open(Precision.SINGLE);
    }

    @AfterEach
    void close() {
        kernels.close();
    }

    private static MusicTransformer model(Kernels kernels, int codebooks) {
        return TinyModels.random(kernels, TinyModels.config(codebooks, ModelConfig.Head.CODES), 8);
    }

    /** Sequences of text of one to four tokens, or none, in the given order. */
    private static final class Requests implements PromptQueue {
        private final List<Integer> order;
        private final int[][][] codes = new int[SEQUENCES][][];
        private final double[][] logProbs = new double[SEQUENCES][];
        private int next;

        Requests(List<Integer> order) {
            this.order = order;
        }

        @Override
        public Optional<Item> next() {
            if (next == order.size()) {
                return Optional.empty();
            }
            int index = order.get(next++);
            int tokens = index % (TOKENS + 1);
            int[] ids = new int[TOKENS];
            float[] validity = new float[TOKENS];
            for (int s = 0; s < tokens; s++) {
                ids[s] = (3 * index + s) % TinyModels.TEXT_VOCABULARY;
                validity[s] = 1;
            }
            RandomGenerator random = new RandomStreams(5).stream(RandomStreams.Purpose.SAMPLING, index);
            return Optional.of(new Item(index, ids, validity, random));
        }

        @Override
        public void complete(int index, int[][] completedCodes, double[] completedLogProbs) {
            codes[index] = completedCodes;
            logProbs[index] = completedLogProbs;
        }
    }

    private static Requests generate(MusicTransformer model, Generator.Settings settings, List<Integer> order) {
        Requests requests = new Requests(order);
        try (Generator generator = new Generator(model, settings)) {
            generator.generate(requests, settings.batch());
        }
        return requests;
    }

    private static Generator.Settings settings(int batch, double guidance, OptionalInt end) {
        return new Generator.Settings(batch, FRAMES, TOKENS, new SamplingSettings(0.9, 0, 1.0, guidance), end);
    }

    private static List<Integer> upwards() {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < SEQUENCES; i++) {
            order.add(i);
        }
        return order;
    }

    /** Adapters merged one after another into one buffer give what the base gives that holds them. */
    @Test
    void adaptersAreMerged() {
        MusicTransformer base = model(kernels, 2);
        MusicTransformer adapted =
                TinyModels.adapted(base, ModelConfig.Head.CODES, List.of(LoraSettings.Target.values()), 4);
        Generator.Settings settings = settings(3, 3.0, OptionalInt.empty());
        Requests plain = generate(base, settings, upwards());
        Requests with = generate(adapted, settings, upwards());
        adapted.merge();
        Requests merged = generate(base, settings, upwards());
        assertFalse(Arrays.deepEquals(plain.codes, with.codes));
        assertArrayEquals(merged.codes, with.codes);
        for (int i = 0; i < SEQUENCES; i++) {
            assertArrayEquals(merged.logProbs[i], with.logProbs[i], 1e-4);
        }
    }

    /** To the bit: alone or in a batch in which sequences end and others start, with any text. */
    @ParameterizedTest
    @CsvSource({"1, 1.0, 0", "1, 2.5, 0", "3, 1.0, -1", "3, 2.5, -1"})
    void neighboursLeaveNoTrace(int codebooks, double guidance, int endCode) {
        MusicTransformer model = model(kernels, codebooks);
        OptionalInt end = endCode < 0 ? OptionalInt.empty() : OptionalInt.of(endCode);
        Requests alone = generate(model, settings(1, guidance, end), upwards());
        if (end.isPresent()) {
            assertTrue(Arrays.stream(alone.logProbs)
                            .mapToInt(row -> row.length)
                            .distinct()
                            .count()
                    > 3);
        }
        List<Integer> downwards = new ArrayList<>(upwards());
        Collections.reverse(downwards);
        for (int batch : new int[] {2, 5, 9, 16}) {
            for (List<Integer> order : List.of(upwards(), downwards)) {
                Requests together = generate(model, settings(batch, guidance, end), order);
                for (int i = 0; i < SEQUENCES; i++) {
                    assertArrayEquals(alone.codes[i], together.codes[i], "codes of " + i + " in batches of " + batch);
                    assertArrayEquals(alone.logProbs[i], together.logProbs[i], 0.0, "sequence " + i);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1.0, FLOAT32, 1e-4", "3, 2.5, FLOAT32, 1e-4", "1, 1.0, INT16, 5e-4", "3, 2.5, INT16, 5e-4"})
    void thePortableKernelsPlayTheSame(int codebooks, double guidance, Packing packing, double tolerance) {
        try (Kernels portable = new PortableKernels(Precision.SINGLE)) {
            SamplingSettings sampling = new SamplingSettings(0.9, 0, 1.0, guidance);
            Generator.Settings settings =
                    new Generator.Settings(4, FRAMES, TOKENS, sampling, OptionalInt.empty(), packing);
            Requests expected = generate(model(portable, codebooks), settings, upwards());
            Requests actual = generate(model(kernels, codebooks), settings, upwards());
            for (int i = 0; i < SEQUENCES; i++) {
                assertArrayEquals(expected.codes[i], actual.codes[i]);
                assertArrayEquals(expected.logProbs[i], actual.logProbs[i], tolerance);
            }
        }
    }

    @Test
    void theWeightsAreThoseOfTheMoment() {
        MusicTransformer model = model(kernels, 1);
        Generator.Settings settings = settings(1, 1.0, OptionalInt.empty());
        TextBatch prompt = new TextBatch(1, TOKENS, new int[TOKENS], new float[] {1, 1, 1, 1});
        try (Generator generator = new Generator(model, settings)) {
            double[] before = generator.generate(prompt, streams()).logProbs()[0];
            kernels.fill(model.parameters().get("decoder.lm_heads.0.weight"), 0.0);
            double[] after = generator.generate(prompt, streams()).logProbs()[0];
            assertTrue(Math.abs(before[0] + Math.log(TinyModels.VOCABULARY)) > 1e-3);
            for (double logProb : after) {
                assertEquals(-Math.log(TinyModels.VOCABULARY), logProb, 1e-6);
            }
        }
    }

    private static List<RandomGenerator> streams() {
        return List.of(new RandomStreams(1).stream(RandomStreams.Purpose.SAMPLING, 0));
    }

    /** Each integer of 16 bits leaves a rounding error of 2^-16 of the largest of its row, in every layer. */
    @Test
    void halfWidthIsCloseToFullWidth() {
        MusicTransformer model = model(kernels, 2);
        double largest = 0;
        double difference = 0;
        try (IncrementalDecoder full = decoder(model, Packing.FLOAT32);
                IncrementalDecoder half = decoder(model, Packing.INT16)) {
            for (int t = 0; t < FRAMES; t++) {
                for (int k = 0; k < 2; k++) {
                    full.rows(3).inputs(k)[1] = t % TinyModels.VOCABULARY;
                    half.rows(3).inputs(k)[1] = t % TinyModels.VOCABULARY;
                }
                full.step(full.rows(3));
                half.step(half.rows(3));
                for (int k = 0; k < 2; k++) {
                    float[] expected = kernels.readFloats(full.rows(3).logits(k));
                    float[] actual = kernels.readFloats(half.rows(3).logits(k));
                    for (int i = 0; i < expected.length; i++) {
                        largest = Math.max(largest, Math.abs(expected[i]));
                        difference = Math.max(difference, Math.abs(expected[i] - actual[i]));
                    }
                }
            }
        }
        assertTrue(difference > 0, "int16 differs from float32");
        assertTrue(difference < 2e-4 * largest, difference + " of " + largest);
    }

    private static IncrementalDecoder decoder(MusicTransformer model, Packing packing) {
        PackedDecoder weights = new PackedDecoder(model, packing);
        IncrementalDecoder decoder =
                new IncrementalDecoder(model, weights, new IncrementalDecoder.Capacity(3, FRAMES, TOKENS, packing));
        for (int slot = 0; slot < 3; slot++) {
            decoder.start(slot, new int[] {slot, 2, 5, 1}, new float[] {1, 1, 1, 1});
            decoder.rows(3).slots()[slot] = slot;
        }
        return decoder;
    }
}
