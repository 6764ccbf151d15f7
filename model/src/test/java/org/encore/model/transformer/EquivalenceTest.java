package org.encore.model.transformer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.ModelConfig.Head;
import org.encore.model.transformer.ParameterLayout.ParameterNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ways to compute the same thing that must give the same numbers. */
class EquivalenceTest {
    private static final int CODEBOOKS = 2;
    private static final int STEPS = 5;
    private static final int TEXT_TOKENS = 4;

    private static double tolerance(Precision precision) {
        return precision == Precision.DOUBLE ? 1e-10 : 1e-4;
    }

    private static MusicTransformer model(Kernels kernels) {
        return TinyModels.random(kernels, TinyModels.config(CODEBOOKS, Head.CODES), 5);
    }

    private static List<Example> examples(int count) {
        return Example.several(count, CODEBOOKS, STEPS, TEXT_TOKENS);
    }

    /** The first {@code steps} rows of every sequence of outputs {@code [K][B * paddedSteps, V]}. */
    private static double[] rows(double[] outputs, int sequences, int paddedSteps, int steps) {
        int width = TinyModels.VOCABULARY;
        double[] result = new double[CODEBOOKS * sequences * steps * width];
        for (int s = 0; s < CODEBOOKS * sequences; s++) {
            System.arraycopy(outputs, s * paddedSteps * width, result, s * steps * width, steps * width);
        }
        return result;
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void paddedTextIsUnpaddedText(Precision precision) {
        try (Kernels kernels = new PortableKernels(precision)) {
            MusicTransformer model = model(kernels);
            Trial exact = Trial.of(model, examples(2), STEPS, TEXT_TOKENS);
            Trial padded = Trial.of(model, examples(2), STEPS, TEXT_TOKENS + 7);
            assertArrayEquals(exact.outputs(), padded.outputs(), tolerance(precision));
            assertArrayEquals(exact.gradient(), padded.gradient(), tolerance(precision));
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void paddedStepsAreUnpaddedSteps(Precision precision) {
        try (Kernels kernels = new PortableKernels(precision)) {
            MusicTransformer model = model(kernels);
            Trial exact = Trial.of(model, examples(2), STEPS, TEXT_TOKENS);
            Trial padded = Trial.of(model, examples(2), STEPS + 6, TEXT_TOKENS);
            assertArrayEquals(exact.outputs(), rows(padded.outputs(), 2, STEPS + 6, STEPS), tolerance(precision));
            assertArrayEquals(exact.gradient(), padded.gradient(), tolerance(precision));
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void microBatchesAddUpToOneBatch(Precision precision) {
        try (Kernels kernels = new PortableKernels(precision)) {
            MusicTransformer model = model(kernels);
            double[] whole = Trial.of(model, examples(4), STEPS, TEXT_TOKENS).gradient();
            Parameters sum = model.zerosLike();
            Trial.of(model, examples(4).subList(0, 3), STEPS, TEXT_TOKENS).addGradient(sum);
            Trial.of(model, examples(4).subList(3, 4), STEPS, TEXT_TOKENS).addGradient(sum);
            assertArrayEquals(whole, kernels.readDoubles(sum.flat()), tolerance(precision));
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void aSequenceAloneIsTheSequenceInABatch(Precision precision) {
        try (Kernels kernels = new PortableKernels(precision)) {
            MusicTransformer model = model(kernels);
            double[] together = Trial.of(model, examples(3), STEPS, TEXT_TOKENS).outputs();
            int size = STEPS * TinyModels.VOCABULARY;
            for (int b = 0; b < 3; b++) {
                double[] alone = Trial.of(model, examples(3).subList(b, b + 1), STEPS, TEXT_TOKENS)
                        .outputs();
                for (int k = 0; k < CODEBOOKS; k++) {
                    int from = (k * 3 + b) * size;
                    assertArrayEquals(
                            Arrays.copyOfRange(alone, k * size, (k + 1) * size),
                            Arrays.copyOfRange(together, from, from + size),
                            tolerance(precision));
                }
            }
        }
    }

    /** Buffers for more, used by passes of several shapes and by a model with another head, give the same bits. */
    @ParameterizedTest
    @EnumSource(Precision.class)
    void sharedBuffersGiveTheBitsOfOwnBuffers(Precision precision) {
        try (Kernels kernels = new PortableKernels(precision)) {
            MusicTransformer policy = model(kernels);
            MusicTransformer value = TinyModels.random(kernels, TinyModels.config(CODEBOOKS, Head.SCALAR), 6);
            Activations shared =
                    new Activations(kernels, policy.config(), new BatchShape(4, STEPS + 3, TEXT_TOKENS + 3));
            for (int round = 0; round < 2; round++) {
                for (MusicTransformer model : List.of(policy, value)) {
                    for (int count : new int[] {3, 1, 4}) {
                        int steps = STEPS + count - 1;
                        ModelBatch batch = Example.batch(examples(count), steps, TEXT_TOKENS + count - 1);
                        Trial own = trial(model, count, batch, new Activations(kernels, model.config(), batch.shape()));
                        Trial borrowed = trial(model, count, batch, shared);
                        assertArrayEquals(own.outputs(), borrowed.outputs(), 0.0);
                        assertArrayEquals(own.gradient(), borrowed.gradient(), 0.0);
                    }
                }
            }
        }
    }

    private static Trial trial(MusicTransformer model, int count, ModelBatch batch, Activations activations) {
        return new Trial(model, examples(count), batch, activations, List.of());
    }

    /** A decoder without text equals a decoder whose texts are all masked, less the parameters for text. */
    @Test
    void withoutTextAllIsAsWithHiddenText() {
        try (Kernels kernels = new PortableKernels(Precision.DOUBLE)) {
            MusicTransformer reading = model(kernels);
            MusicTransformer alone = new MusicTransformer(
                    kernels, ModelConfig.withoutText(reading.config().decoder(), Head.CODES));
            for (ParameterLayout.Entry e : alone.parameters().layout().entries()) {
                kernels.copy(
                        reading.parameters().get(e.name()), alone.parameters().get(e.name()));
            }
            List<Example> examples = examples(3).stream().map(Example::withText).toList();
            Trial hidden = Trial.of(reading, examples, STEPS, TEXT_TOKENS);
            Trial none = Trial.of(alone, examples, STEPS, 0);
            assertArrayEquals(hidden.outputs(), none.outputs(), 1e-12);
            assertThrows(IllegalArgumentException.class, () -> Trial.of(reading, examples, STEPS, 0));
            Parameters gradient = alone.zerosLike();
            none.addGradientWithoutText(gradient);
            assertArrayEquals(none.gradient(), kernels.readDoubles(gradient.flat()), 0.0);
        }
    }

    @Test
    void aBatchThatDoesNotFitIsRefused() {
        try (Kernels kernels = new PortableKernels(Precision.SINGLE)) {
            MusicTransformer model = model(kernels);
            Activations small = new Activations(kernels, model.config(), new BatchShape(1, STEPS, TEXT_TOKENS));
            for (ModelBatch batch : List.of(
                    Example.batch(examples(2), STEPS, TEXT_TOKENS),
                    Example.batch(examples(1), STEPS + 1, TEXT_TOKENS),
                    Example.batch(examples(1), STEPS, TEXT_TOKENS + 1))) {
                assertThrows(IllegalArgumentException.class, () -> model.forward(small, batch));
            }
            model.forward(small, Example.batch(examples(1), STEPS, TEXT_TOKENS));
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void theSameInputsGiveTheSameBits(Precision precision) {
        List<double[]> results = new ArrayList<>();
        for (int round = 0; round < 2; round++) {
            try (Kernels kernels = new PortableKernels(precision)) {
                Trial trial = Trial.of(model(kernels), examples(3), STEPS, TEXT_TOKENS);
                results.add(trial.outputs());
                results.add(trial.gradient());
            }
        }
        assertArrayEquals(results.get(0), results.get(2), 0.0);
        assertArrayEquals(results.get(1), results.get(3), 0.0);
    }

    /** Results in 32 bits equal those in 64 bits, up to rounding. */
    @Test
    void bothPrecisionsAgree() {
        List<double[]> results = new ArrayList<>();
        for (Precision precision : Precision.values()) {
            try (Kernels kernels = new PortableKernels(precision)) {
                Trial trial = Trial.of(model(kernels), examples(3), STEPS, TEXT_TOKENS);
                results.add(trial.outputs());
                results.add(trial.gradient());
            }
        }
        assertArrayEquals(results.get(0), results.get(2), 1e-4);
        assertArrayEquals(results.get(1), results.get(3), 1e-4);
    }

    /** A replica reads the weights of its model, now and after they changed. */
    @Test
    void aReplicaFollowsItsModel() {
        try (Kernels kernels = new PortableKernels(Precision.DOUBLE);
                Kernels others = new PortableKernels(Precision.DOUBLE)) {
            MusicTransformer model = model(kernels);
            MusicTransformer replica = model.replica(others);
            kernels.fill(model.parameters().get(ParameterNames.DECODER_FINAL_NORM + "weight"), 0.25);
            Trial mine = Trial.of(model, examples(2), STEPS, TEXT_TOKENS);
            Trial its = Trial.of(replica, examples(2), STEPS, TEXT_TOKENS);
            assertArrayEquals(mine.outputs(), its.outputs(), 0.0);
            assertArrayEquals(mine.gradient(), its.gradient(), 0.0);
        }
    }

    /** Later steps do not influence earlier ones; the text influences every step. */
    @Test
    void laterInputsDoNotChangeEarlierLogits() {
        try (Kernels kernels = new PortableKernels(Precision.DOUBLE)) {
            MusicTransformer model = model(kernels);
            ModelBatch batch = Example.batch(examples(1), STEPS, TEXT_TOKENS);
            Trial trial = trial(model, 1, batch, new Activations(kernels, model.config(), batch.shape()));
            double[] before = trial.outputs();
            batch.inputs()[1][3] = (batch.inputs()[1][3] + 1) % TinyModels.VOCABULARY;
            double[] after = trial.outputs();
            int width = TinyModels.VOCABULARY;
            for (int row = 0; row < CODEBOOKS * STEPS; row++) {
                double[] old = Arrays.copyOfRange(before, row * width, (row + 1) * width);
                double[] now = Arrays.copyOfRange(after, row * width, (row + 1) * width);
                assertTrue(Arrays.equals(old, now) == (row % STEPS < 3), "row " + row);
            }
        }
    }
}
