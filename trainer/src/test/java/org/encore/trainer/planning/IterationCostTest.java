package org.encore.trainer.planning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import org.encore.model.kernels.DecodingKernels.Packing;
import org.encore.model.kernels.KernelChoice;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.parallel.Shards;
import org.encore.model.pretrained.RandomMusicGen.Size;
import org.encore.model.transformer.Activations.ActivationCheckpointing;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.trainer.finetuning.FineTuneSettings;
import org.junit.jupiter.api.Test;

class IterationCostTest {
    private static final ModelConfig SMALL = Size.SMALL.config(24, 1);

    /** 32 prompts of 256 frames by the defaults, with a value network, the KL in the loss, all weights trained. */
    private static IterationCost cost(ActivationCheckpointing checkpointing) {
        return new IterationCost(FineTuneSettings.defaults(), SMALL, Optional.of(Size.SMALL.codec()), checkpointing);
    }

    @Test
    void operationsAreThoseCountedByHand() {
        // A block: 4 + 2 squares of 1024 and two matrices of 1024 x 4096; 128 steps before in the mean, 16 tokens of
        // text.
        double block = 2.0 * (6 * 1_048_576 + 8 * 1_048_576) + 2.0 * 256 * 1024 + 4.0 * 16 * 1024;
        assertEquals(24 * block, IterationCost.blockOperations(SMALL, 256), 1.0);
        assertEquals(2.0 * 4 * 2048 * 1024, IterationCost.headOperations(SMALL), 1.0);
        // 14 squares of 16 bits, and keys and values of 100 steps of 8 slots.
        double bytes = 24 * 2.0 * (14 * 1_048_576.0 + 2.0 * 8 * 100 * 1024);
        assertEquals(bytes, IterationCost.blockBytes(SMALL, Packing.INT16, 8, 100), 1.0);
    }

    @Test
    void phasesAreOperationsByRates() {
        // One operation a second of blocks and nothing else counts: heads, generation and codec are next to free.
        MachineRates rates = new MachineRates(1.0, 0.5, 1e30, 1e30, 0.0, 1.0);
        Map<String, Double> seconds = cost(ActivationCheckpointing.KEPT).iteration(rates);
        double rows = 32 * 259.0;
        double pass = rows * IterationCost.blockOperations(SMALL, 259);
        // Forward, and backward at half the rate; the reference runs forward for each update of the policy.
        assertEquals(pass, seconds.get("advantages"), 1e-6 * pass);
        assertEquals(3 * pass, seconds.get("update_value"), 1e-6 * pass);
        assertEquals(4 * pass, seconds.get("update_policy"), 1e-6 * pass);
        assertEquals(
                4 * pass,
                cost(ActivationCheckpointing.RECOMPUTED).iteration(rates).get("update_value"),
                1e-6 * pass,
                "forward again");
    }

    @Test
    void ratesOfThisMachineAreFinite() {
        DecoderConfig decoder = new DecoderConfig(48, 4, 64, 256, 6, 4, 300, Activation.GELU);
        ModelConfig config = ModelConfig.withoutText(decoder, ModelConfig.Head.CODES);
        try (Shards shards = Shards.of(2, KernelChoice.best(Precision.SINGLE)::open)) {
            MachineRates rates = MachineRates.measure(FineTuneSettings.defaults(), config, shards);
            for (double rate : new double[] {rates.forward(), rates.backward(), rates.heads(), rates.decodingBytes()}) {
                assertTrue(rate > 1e6 && rate < 1e14, rates::toString);
            }
            assertTrue(rates.decodingOverhead() > 0.0 && rates.decodingOverhead() < 1.0, rates::toString);
            double minute = new IterationCost(
                            FineTuneSettings.defaults(), config, Optional.empty(), ActivationCheckpointing.KEPT)
                    .iteration(rates).values().stream()
                            .mapToDouble(Double::doubleValue)
                            .sum();
            assertTrue(minute > 0.0 && minute < 600.0, minute + " s");
        }
    }
}
