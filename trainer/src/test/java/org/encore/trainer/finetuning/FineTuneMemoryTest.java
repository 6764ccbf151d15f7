package org.encore.trainer.finetuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.encore.model.encodec.EncodecConfig;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.memory.MemoryBudget.MemoryLimits;
import org.encore.model.memory.MemoryPlan;
import org.encore.model.memory.MemoryPlan.Place;
import org.encore.model.parallel.Shards;
import org.encore.model.pretrained.RandomMusicGen;
import org.encore.model.transformer.Activations.ActivationCheckpointing;
import org.encore.model.transformer.LoraSettings;
import org.encore.model.transformer.LoraSettings.Target;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.ModelConfig.TextEncoderConfig;
import org.encore.model.weights.ModelDirectory;
import org.encore.trainer.TinyWorld;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FineTuneMemoryTest {
    private static final long GB = 1_000_000_000;

    /** The sizes of MusicGen small: 24 layers of 1024, T5 base, positions for 2048 steps. */
    private static ModelConfig musicGenSmall() {
        return new ModelConfig(
                new TextEncoderConfig(32128, 768, 64, 3072, 12, 12, 32, 128, 1e-6),
                new DecoderConfig(2048, 4, 1024, 4096, 24, 16, 2048, Activation.GELU),
                ModelConfig.Head.CODES);
    }

    private static FineTuneMemory musicGen(int maxFrames) {
        return new FineTuneMemory(
                new Plan().maxFrames(maxFrames).compute(2, 8).settings(), musicGenSmall(), Optional.empty());
    }

    private static Plan adapted() {
        return new Plan().guidance(2.0).lora(new LoraSettings(4, 8.0, List.of(Target.Q_PROJ, Target.FC2)));
    }

    static Stream<Plan> plans() {
        return Stream.of(new Plan(), adapted());
    }

    @ParameterizedTest
    @MethodSource("plans")
    void whatIsForeseenIsWhatIsAllocated(Plan plan) throws IOException {
        FineTuneSettings settings = plan.compute(2, 8).settings();
        ModelConfig config = ModelDirectory.config(TinyWorld.base());
        try (Shards shards = new Shards(2, 2, () -> new PortableKernels(Precision.SINGLE));
                Networks networks = new Networks(settings, TinyWorld.base(), TinyWorld.codec(), shards)) {
            long allocated =
                    shards.kernels(0).allocatedBytes() + shards.kernels(1).allocatedBytes();
            long foreseen = new FineTuneMemory(settings, config, Optional.empty())
                    .plan(ActivationCheckpointing.KEPT)
                    .bytes(Place.OFF_HEAP);
            assertEquals(1.0, (double) foreseen / allocated, 0.03, foreseen + " against " + allocated);
        }
    }

    /** A checkpoint with positions for two thousand steps does not make a run of short pieces larger. */
    @Test
    void onlyWhatIsPlayedAndMeasuredCounts() {
        FineTuneMemory memory = musicGen(256);
        assertEquals(256, memory.rolloutFrames());
        assertEquals(256, memory.evaluationFrames());
        long few = memory.plan(ActivationCheckpointing.RECOMPUTED).bytes(Place.OFF_HEAP);
        long many = musicGen(1500).plan(ActivationCheckpointing.RECOMPUTED).bytes(Place.OFF_HEAP);
        assertEquals(1500, musicGen(1500).frames());
        assertEquals(2044, musicGen(5000).frames(), "no more than there are positions");
        assertTrue(many > few + 2 * GB, few + " and " + many);
    }

    /**
     * Weights alone: 0.55 billion parameters in 32 bits are 2.2 GB, three times; two gradients and two moments for two
     * networks are eight times as much.
     */
    @Test
    void whatDoesNotFitIsRefusedInOneLine() {
        String message = assertThrows(
                        IllegalArgumentException.class, () -> musicGen(256).storage(new MemoryLimits(16 * GB, 4 * GB)))
                .getMessage();
        assertTrue(message.startsWith("the run does not fit into memory: it needs "), message);
        assertTrue(message.contains("; policy.lora: {} would do, with "), message);
        assertEquals(1, message.lines().count());
        String hopeless = assertThrows(
                        IllegalArgumentException.class, () -> musicGen(256).storage(new MemoryLimits(GB, GB)))
                .getMessage();
        assertTrue(hopeless.endsWith("take a smaller model"), hopeless);
        long recomputed = musicGen(256).plan(ActivationCheckpointing.RECOMPUTED).bytes(Place.OFF_HEAP);
        long kept = musicGen(256).plan(ActivationCheckpointing.KEPT).bytes(Place.OFF_HEAP);
        assertTrue(kept > recomputed + 2 * GB, kept + " and " + recomputed);
        assertEquals(ActivationCheckpointing.KEPT, musicGen(256).storage(new MemoryLimits(kept, 40 * GB)));
        assertEquals(ActivationCheckpointing.RECOMPUTED, musicGen(256).storage(new MemoryLimits(kept - 1, 40 * GB)));
        String smaller = assertThrows(IllegalArgumentException.class, () -> musicGen(256)
                        .storage(new MemoryLimits(recomputed - 1, 40 * GB)))
                .getMessage();
        assertTrue(smaller.contains("; compute.microBatch: 4 would do"), smaller);
    }

    @Test
    void aLargerHeapIsNamedWhereItWouldDo() {
        long outside = musicGen(256).plan(ActivationCheckpointing.KEPT).bytes(Place.OFF_HEAP);
        String message = assertThrows(IllegalArgumentException.class, () -> musicGen(256)
                        .storage(new MemoryLimits(outside + 8 * GB, GB / 10)))
                .getMessage();
        assertTrue(message.contains("; ENCORE_JAVA_OPTS=-Xmx2g would do, with "), message);
    }

    @Test
    void aModelOfTooManyParametersIsRefused() {
        ModelConfig large = RandomMusicGen.Size.LARGE.config(48, 1);
        FineTuneMemory memory = new FineTuneMemory(new Plan().settings(), large, Optional.empty());
        String message = assertThrows(
                        IllegalArgumentException.class, () -> memory.storage(new MemoryLimits(900 * GB, 900 * GB)))
                .getMessage();
        assertTrue(message.startsWith("the model has 33665"), message);
    }

    /** The codec is as large as its 56.9 million weights, and what is known of its sizes alone counts. */
    @Test
    void aNeuralCodecCounts() {
        FineTuneSettings settings = new Plan().compute(2, 8).settings();
        MemoryPlan without = musicGen(256).plan(ActivationCheckpointing.KEPT);
        MemoryPlan with = new FineTuneMemory(settings, musicGenSmall(), Optional.of(EncodecConfig.musicGen()))
                .plan(ActivationCheckpointing.KEPT);
        assertEquals(
                227.6e6,
                (double) with.items().stream()
                        .filter(item -> item.name().equals("codec weights"))
                        .mapToLong(MemoryPlan.Item::bytes)
                        .sum(),
                5e6);
        assertTrue(with.bytes(Place.OFF_HEAP) > without.bytes(Place.OFF_HEAP) + 300_000_000);
    }

    @Test
    void aPlanNamesEveryNetwork() {
        String text = musicGen(256).plan(ActivationCheckpointing.KEPT).describe();
        for (String part :
                List.of("policy weights", "value moments", "reference weights", "activations", "packed weights")) {
            assertTrue(text.contains(part), text);
        }
    }
}
