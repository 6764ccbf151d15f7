package org.encore.model.decoding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.model.decoding.Generator.Generated;
import org.encore.model.decoding.PromptQueue.WholeBatch;
import org.encore.model.kernels.DecodingKernels.Packing;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.RowStatistics;
import org.encore.model.kernels.Tensor;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.text.TextTokenizer.TextBatch;
import org.encore.model.transformer.Activations;
import org.encore.model.transformer.DecoderTap;
import org.encore.model.transformer.ModelBatch;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.transformer.TinyModels;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Taps with caches, batches, several codebooks and guidance. */
class SequenceTapTest {
    private static final int BATCH = 3;
    private static final int FRAMES = 9;
    private static final int FROM = 4;
    private static final TextBatch PROMPTS =
            new TextBatch(BATCH, 3, new int[] {4, 5, 1, 7, 1, 0, 9, 8, 1}, new float[] {1, 1, 1, 1, 1, 0, 1, 1, 1});

    /** Adds a vector to head 1 of layer 0 and another to the states behind layer 0, from a step on, in chosen sequences. */
    private static final class Shift implements SequenceTap {
        private static final double[] HEAD = {0.7, -0.4, 0.3, 0.9};
        private static final double[] STATES = {0.2, -0.3, 0.4, -0.5, 0.6, -0.7, 0.8, -0.9};

        private final Kernels kernels;
        private final IntPredicate chosen;
        private final Tensor head;
        private final Tensor states;
        private final List<Integer> started = new ArrayList<>();

        Shift(Kernels kernels, IntPredicate chosen) {
            this.kernels = kernels;
            this.chosen = chosen;
            head = kernels.allocate(1, HEAD.length);
            states = kernels.allocate(1, STATES.length);
            kernels.write(head, HEAD);
            kernels.write(states, STATES);
        }

        @Override
        public void start(int slot, PromptQueue.Item item) {
            started.add(item.index());
        }

        @Override
        public void heads(int layer, Rows rows, Tensor attended) {
            add(layer, rows, attended.columnRange(HEAD.length, HEAD.length), head);
        }

        @Override
        public void states(int layer, Rows rows, Tensor behind) {
            add(layer, rows, behind, states);
        }

        private void add(int layer, Rows rows, Tensor target, Tensor vector) {
            for (int row = 0; row < rows.count(); row++) {
                if (layer == 0 && rows.positions()[row] >= FROM && chosen.test(rows.sequences()[row])) {
                    kernels.add(vector, target.rowRange(row, 1));
                }
            }
        }
    }

    private static Generated generate(MusicTransformer model, double guidance, int atOnce, SequenceTap tap) {
        Generator.Settings settings = new Generator.Settings(
                BATCH,
                FRAMES,
                PROMPTS.tokens(),
                new SamplingSettings(1.0, 0, 1.0, guidance),
                OptionalInt.empty(),
                Packing.FLOAT32);
        RandomStreams streams = new RandomStreams(21);
        List<RandomGenerator> each = new ArrayList<>();
        for (int b = 0; b < BATCH; b++) {
            each.add(streams.stream(Purpose.SAMPLING, b));
        }
        DelayPattern pattern = DelayPattern.of(model.config().decoder());
        WholeBatch queue = new WholeBatch(PROMPTS, List.of(), each, pattern, FRAMES, pattern.startToken());
        try (Generator generator = new Generator(model, settings)) {
            generator.generate(queue, atOnce, tap);
            return queue.result();
        }
    }

    /** Log-probability of each step in one pass over the codes. */
    private static double[][] logProbs(MusicTransformer model, int[][][] codes, double guidance, DecoderTap tap) {
        CodeBatch batch = CodeBatch.of(DelayPattern.of(model.config().decoder()), List.of(codes), PROMPTS, 64);
        BatchShape shape = batch.shape();
        ModelBatch in = guidance == 1.0 ? batch.inputs() : batch.inputs().guided(guidance);
        Activations activations = new Activations(model.kernels(), model.config(), shape.twice());
        model.forward(activations, in, state -> {}, tap);
        double[][] sums = new double[BATCH][batch.steps()[0]];
        for (int k = 0; k < batch.targets().length; k++) {
            RowStatistics statistics = new RowStatistics(shape.rows());
            model.kernels().policyRows(model.logits(activations, in).get(k), 1.0, batch.targets()[k], null, statistics);
            for (int b = 0; b < BATCH; b++) {
                for (int t = 0; t < sums[b].length; t++) {
                    int row = b * shape.steps() + t;
                    sums[b][t] += batch.targets()[k][row] < 0 ? 0.0 : statistics.logProbs()[row];
                }
            }
        }
        return sums;
    }

    @ParameterizedTest
    @CsvSource({"1, 1, true", "2, 1, true", "1, 3, true", "2, 3, true", "2, 3, false"})
    void generationAndOnePassAreSteeredAlike(int codebooks, double guidance, boolean bothBranches) {
        try (Kernels kernels = new PortableKernels(Precision.DOUBLE)) {
            MusicTransformer model =
                    TinyModels.random(kernels, TinyModels.config(codebooks, ModelConfig.Head.CODES), 8);
            // Slots of the null branch, and sequences of it in a pass, begin at the batch.
            Shift shift = new Shift(kernels, sequence -> bothBranches || sequence < BATCH);
            Generated steered = generate(model, guidance, BATCH, shift);
            assertEquals(List.of(0, 1, 2), shift.started);
            double[][] expected = logProbs(model, steered.codes(), guidance, shift);
            double[][] unsteered = logProbs(model, steered.codes(), guidance, DecoderTap.NONE);
            for (int b = 0; b < BATCH; b++) {
                assertArrayEquals(expected[b], steered.logProbs()[b], 1e-5);
                // Before the first steered step both agree; from there on steering must show.
                assertArrayEquals(Arrays.copyOf(expected[b], FROM), Arrays.copyOf(unsteered[b], FROM), 1e-12);
                assertNotEquals(expected[b][FROM], unsteered[b][FROM], 1e-3);
            }
        }
    }

    /** Fewer slots than sequences: a slot's next sequence is steered by its own positions. */
    @ParameterizedTest
    @CsvSource({"1, 1", "2, 3"})
    void slotsThatAreReusedChangeNothing(int codebooks, double guidance) {
        try (Kernels kernels = new PortableKernels(Precision.DOUBLE)) {
            MusicTransformer model =
                    TinyModels.random(kernels, TinyModels.config(codebooks, ModelConfig.Head.CODES), 8);
            Generated together = generate(model, guidance, BATCH, new Shift(kernels, sequence -> true));
            Generated inTurn = generate(model, guidance, 1, new Shift(kernels, sequence -> true));
            for (int b = 0; b < BATCH; b++) {
                assertArrayEquals(together.codes()[b], inTurn.codes()[b]);
                assertArrayEquals(together.logProbs()[b], inTurn.logProbs()[b], 1e-9);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 3"})
    void aTapThatOnlyReadsKeepsTheBits(int codebooks, double guidance) {
        try (Kernels kernels = new PortableKernels(Precision.SINGLE)) {
            MusicTransformer model =
                    TinyModels.random(kernels, TinyModels.config(codebooks, ModelConfig.Head.CODES), 8);
            Generated plain = generate(model, guidance, BATCH, SequenceTap.NONE);
            Generated read = generate(model, guidance, BATCH, new Shift(kernels, sequence -> false));
            assertArrayEquals(plain.codes(), read.codes());
            assertArrayEquals(plain.logProbs(), read.logProbs());
        }
    }
}
