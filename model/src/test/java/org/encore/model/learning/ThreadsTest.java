package org.encore.model.learning;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.DelayPattern;
import org.encore.model.decoding.Generator;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.kernels.DecodingKernels.Packing;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.kernels.simd.SimdKernelsProvider;
import org.encore.model.optimiser.AdamW;
import org.encore.model.optimiser.Schedule;
import org.encore.model.parallel.Completion;
import org.encore.model.parallel.ParallelGenerator;
import org.encore.model.parallel.Replicas;
import org.encore.model.parallel.Shards;
import org.encore.model.parallel.Workspaces;
import org.encore.model.text.TextTokenizer;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.Head;
import org.encore.model.transformer.ParameterLayout.Part;
import org.encore.model.transformer.TinyModels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two shards train and generate the same bits in one thread and in two. */
class ThreadsTest {
    private static final ModelConfig CONFIG = TinyModels.config(1, Head.CODES);
    private static final int CODES = 20;
    private static final int UPDATES = 3;

    @TempDir
    private Path directory;

    /** Loss and weights of a learner, and the completions of its model. */
    @SuppressWarnings("ArrayRecordComponent") // compared element by element
    private record Outcome(double loss, double[] weights, List<Completion> completions) {}

    @Test
    void simdKernels() throws IOException {
        Supplier<Kernels> simd = () -> new SimdKernelsProvider().open(Precision.SINGLE);
        for (Packing packing : Packing.values()) {
            assertSame(outcome(1, simd, packing), outcome(2, simd, packing));
        }
    }

    @Test
    void portableKernels() throws IOException {
        Supplier<Kernels> portable = () -> new PortableKernels(Precision.SINGLE);
        assertSame(outcome(1, portable, Packing.FLOAT32), outcome(2, portable, Packing.FLOAT32));
    }

    private static void assertSame(Outcome expected, Outcome actual) {
        assertTrue(expected.loss() > 1, "something was learned from: " + expected.loss());
        assertEquals(expected.loss(), actual.loss(), 0.0);
        assertArrayEquals(expected.weights(), actual.weights(), 0.0);
        for (int i = 0; i < expected.completions().size(); i++) {
            assertArrayEquals(
                    expected.completions().get(i).codes(),
                    actual.completions().get(i).codes());
            assertArrayEquals(
                    expected.completions().get(i).logProbs(),
                    actual.completions().get(i).logProbs(),
                    0.0);
        }
    }

    private Outcome outcome(int threads, Supplier<Kernels> kernels, Packing packing) throws IOException {
        try (Shards shards = new Shards(2, threads, kernels);
                TextTokenizer tokenizer = Lessons.tokenizer(directory)) {
            Replicas replicas = new Replicas(shards, TinyModels.random(shards.kernels(0), CONFIG, 1));
            DelayPattern pattern = new DelayPattern(1, TinyModels.VOCABULARY);
            List<CodeBatcher.MicroBatch> microBatches =
                    new CodeBatcher(pattern, tokenizer, Lessons.MAX_STEPS).cut(Lessons.sequences(6, 5, 4, 3, 2), 1);
            BatchShape capacity = new BatchShape(1, Lessons.MAX_STEPS, tokenizer.capacity());
            Learner.Settings settings = new Learner.Settings(
                    AdamW.Settings.defaults(), new Schedule.Constant(1), List.of(Part.values()), UPDATES);
            Learner learner = new Learner("pupil", replicas, new Workspaces(shards, CONFIG, capacity), settings);
            NextCodeLoss loss = new NextCodeLoss(2);
            for (int i = 0; i < UPDATES; i++) {
                learner.add(microBatches, loss.begin(CODES));
                learner.update();
            }
            double[] weights =
                    shards.kernels(0).readDoubles(replicas.model().parameters().flat());
            return new Outcome(loss.value(), weights, completions(replicas, tokenizer, packing));
        }
    }

    private static List<Completion> completions(Replicas replicas, TextTokenizer tokenizer, Packing packing) {
        Generator.Settings sizes = new Generator.Settings(
                2, 12, tokenizer.capacity(), SamplingSettings.defaults(), OptionalInt.empty(), packing);
        RandomStreams streams = new RandomStreams(3);
        try (ParallelGenerator generator = new ParallelGenerator(replicas, tokenizer, sizes)) {
            return generator.generate(
                    List.of("fast", "a slow waltz", "", "two flutes", "piano"),
                    i -> streams.stream(Purpose.SAMPLING, i));
        }
    }
}
