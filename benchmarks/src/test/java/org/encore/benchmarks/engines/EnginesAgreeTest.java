package org.encore.benchmarks.engines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.encore.benchmarks.engines.Engine.Capacity;
import org.encore.benchmarks.engines.Task.ReferenceModel;
import org.encore.model.kernels.KernelChoice;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs with the Maven profile {@code libtorch} only, which brings LibTorch. */
@Tag("libtorch")
final class EnginesAgreeTest {
    private static final Capacity ROOM = new Capacity(4, 32);

    static Stream<ReferenceModel> models() {
        return Stream.of(
                new ReferenceModel(new DecoderConfig(40, 1, 24, 48, 3, 2, 32, Activation.GELU), 0),
                new ReferenceModel(new DecoderConfig(40, 4, 24, 48, 3, 2, 32, Activation.GELU), 8));
    }

    @ParameterizedTest
    @MethodSource("models")
    void lossAndGradientOfTheSameWeightsAreTheSame(ReferenceModel model) {
        int[][] codes = model.codes(ROOM);
        try (Engine encore = encore(model);
                Engine peer = peer(model, encore)) {
            Engine.LossAndNorm mine = encore.trainWithNorm(codes);
            Engine.LossAndNorm its = peer.trainWithNorm(codes);
            assertTrue(mine.loss() > 1.0, "a loss of " + mine.loss());
            assertEquals(its.loss(), mine.loss(), 1e-4);
            assertEquals(its.gradientNorm(), mine.gradientNorm(), 1e-4 * its.gradientNorm());
            assertEquals(mine.loss(), encore.evaluate(codes), 1e-5);
            assertEquals(its.loss(), peer.evaluate(codes), 1e-5);
            assertEquals(its.loss(), peer.train(codes), 1e-5);
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void eachFindsWhatTheOtherPlayedAsLikelyAsItSaid(ReferenceModel model) {
        try (Engine encore = encore(model);
                Engine peer = peer(model, encore)) {
            Engine.Decoded mine = encore.decodeWithLogProbs(4, 32);
            Engine.Decoded its = peer.decodeWithLogProbs(4, 32);
            assertEquals(-mine.meanLogProb(), peer.evaluate(mine.codes()), 1e-4);
            assertEquals(-its.meanLogProb(), encore.evaluate(its.codes()), 1e-4);
        }
    }

    private static Engine encore(ReferenceModel model) {
        return new EncoreEngine(model, ROOM, 2, KernelChoice.best(Precision.SINGLE)::open);
    }

    private static Engine peer(ReferenceModel model, Engine encore) {
        Engine peer = new LibTorchEngine(model);
        peer.readText(encore.textStates());
        return peer;
    }
}
