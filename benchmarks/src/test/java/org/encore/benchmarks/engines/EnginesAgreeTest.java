package org.encore.benchmarks.engines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.encore.benchmarks.engines.Engine.Capacity;
import org.encore.benchmarks.engines.Task.ReferenceModel;
import org.encore.model.kernels.KernelChoice;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Runs with the Maven profile {@code libtorch} only, which brings LibTorch. */
@Tag("libtorch")
final class EnginesAgreeTest {
    private static final ReferenceModel SMALL =
            new ReferenceModel(new DecoderConfig(40, 1, 24, 48, 3, 2, 32, Activation.GELU), 0);
    private static final int[][] CODES = SMALL.codes(new Capacity(4, 32));

    @Test
    void lossAndGradientOfTheSameWeightsAreTheSame() {
        try (Engine encore = encore();
                Engine peer = new LibTorchEngine(SMALL)) {
            Engine.LossAndNorm mine = encore.trainWithNorm(CODES);
            Engine.LossAndNorm its = peer.trainWithNorm(CODES);
            assertTrue(mine.loss() > 1.0, "a loss of " + mine.loss());
            assertEquals(its.loss(), mine.loss(), 1e-4);
            assertEquals(its.gradientNorm(), mine.gradientNorm(), 1e-4 * its.gradientNorm());
            assertEquals(mine.loss(), encore.evaluate(CODES), 1e-5);
            assertEquals(its.loss(), peer.evaluate(CODES), 1e-5);
            assertEquals(its.loss(), peer.train(CODES), 1e-5);
        }
    }

    @Test
    void eachFindsWhatTheOtherPlayedAsLikelyAsItSaid() {
        try (Engine encore = encore();
                Engine peer = new LibTorchEngine(SMALL)) {
            Engine.Decoded mine = encore.decodeWithLogProbs(4, 32);
            Engine.Decoded its = peer.decodeWithLogProbs(4, 32);
            assertEquals(-mine.meanLogProb(), peer.evaluate(mine.codes()), 1e-4);
            assertEquals(-its.meanLogProb(), encore.evaluate(its.codes()), 1e-4);
        }
    }

    private static Engine encore() {
        return new EncoreEngine(SMALL, new Capacity(4, 32), 2, KernelChoice.best(Precision.SINGLE)::open);
    }
}
