package org.encore.benchmarks.engines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.encore.benchmarks.engines.Engine.Capacity;
import org.encore.benchmarks.engines.Task.ReferenceModel;
import org.encore.model.kernels.KernelChoice;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class WorkTest {
    private static final ReferenceModel SMALL =
            new ReferenceModel(new DecoderConfig(40, 1, 24, 48, 3, 2, 32, Activation.GELU), 0);

    private static Task task(Work work) {
        return new Task(Task.Size.REFERENCE, work);
    }

    @Test
    void operationsOfTheReferenceDecoderAreThoseCountedByHand() {
        // Weights: 6 blocks of 4 * 256² + 2 * 256 * 1024, and the head of 2048 * 256: 5,242,880, each multiplied and
        // added once for each of 4,096 codes. Attention: two products of 256 for each of 512 * 513 / 2 pairs of steps.
        double products = 2.0 * 5_242_880 * 4096;
        double attention = 2.0 * 2 * 256 * 131_328 * 6 * 8;
        assertEquals(3 * (products + attention), task(Work.TRAIN).operations(), 1.0);
        assertEquals(2 * (products + attention), task(Work.DECODE).operations(), 1.0);
        // One to decode, one without gradient, two with: 1 + 1 + 3 + 3 times, over shorter sequences.
        double shorter = 2.0 * 2 * 256 * 32_896 * 6 * 16;
        assertEquals(8 * (products + shorter), task(Work.ITERATION).operations(), 1.0);
    }

    @Test
    void tokensAreThoseOfTheSpecification() {
        assertEquals(4096, task(Work.TRAIN).tokens());
        assertEquals(8192, task(Work.DECODE).tokens());
        assertEquals(4096, task(Work.ITERATION).tokens());
    }

    @Test
    void operationsAtTheWidthOfMusicGenAreThoseCountedByHand() {
        Task train = new Task(Task.Size.MUSICGEN_SMALL, Work.TRAIN);
        // 4 blocks of 6 * 1024² + 8 * 1024², and 4 heads of 2048 * 1024, for each of 4 * 256 steps; 256 * 257 / 2 pairs
        // of
        // steps and 256 * 16 of steps and text in each of 4 sequences; keys and values of 16 tokens in each.
        double products = 2.0 * (4 * 14 * 1_048_576.0 + 8_388_608.0) * 1024;
        double attention = 2.0 * 2 * 1024 * (32_896 + 4096) * 4 * 4;
        double text = 2.0 * 2 * 1_048_576.0 * 16 * 4 * 4;
        assertEquals(3 * (products + attention + text), train.operations(), 1.0);
        // Three steps of delay: 253 frames of 4 codes.
        assertEquals(4 * 4 * 253, train.tokens());
    }

    static Stream<ReferenceModel> models() {
        return Stream.of(SMALL, new ReferenceModel(new DecoderConfig(40, 4, 24, 48, 2, 2, 32, Activation.GELU), 8));
    }

    @ParameterizedTest
    @MethodSource("models")
    void encoreDoesTheSameEachTimeAndKeepsItsWeights(ReferenceModel model) {
        int[][] codes = model.codes(new Capacity(4, 32));
        try (Engine engine =
                new EncoreEngine(model, new Capacity(4, 32), 2, KernelChoice.best(Precision.SINGLE)::open)) {
            double loss = engine.evaluate(codes);
            Engine.LossAndNorm first = engine.trainWithNorm(codes);
            assertTrue(first.gradientNorm() > 0.1, "a norm of " + first.gradientNorm());
            assertEquals(loss, first.loss(), 1e-6);
            assertEquals(loss, engine.train(codes), 1e-6);
            assertEquals(first, engine.trainWithNorm(codes), "neither weights nor a rest of the gradient may stay");
            Engine.Decoded decoded = engine.decodeWithLogProbs(4, 32);
            assertEquals(-decoded.meanLogProb(), engine.evaluate(decoded.codes()), 1e-5);
            assertArrayEquals(decoded.codes(), engine.decode(4, 32).codes());
        }
    }
}
