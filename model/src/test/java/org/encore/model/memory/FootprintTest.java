package org.encore.model.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.encore.model.kernels.DecodingKernels.Packing;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.simd.SimdKernelsProvider;
import org.encore.model.memory.MemoryPlan.Place;
import org.encore.model.transformer.IncrementalDecoder;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.transformer.PackedDecoder;
import org.encore.model.transformer.TinyModels;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Planned against allocated memory. */
class FootprintTest {
    private static final int SLOTS = 6;
    private static final int SHARDS = 2;

    /** Large enough for the arrays of numbers to outweigh the objects that hold them. */
    private static ModelConfig config() {
        ModelConfig tiny = TinyModels.config(1, ModelConfig.Head.CODES);
        return new ModelConfig(
                tiny.text(), new DecoderConfig(440, 1, 96, 384, 2, 3, 256, Activation.GELU), tiny.head());
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    /** The excess over the plan is small buffers and objects; 250 steps are padded with any number of lanes. */
    @ParameterizedTest
    @EnumSource(Packing.class)
    void decodingTakesThePlannedMemory(Packing packing) {
        IncrementalDecoder.Capacity shard = new IncrementalDecoder.Capacity(SLOTS, 250, 32, packing);
        try (Kernels kernels = new SimdKernelsProvider().open(Precision.SINGLE)) {
            MusicTransformer model = new MusicTransformer(kernels, config());
            PackedDecoder weights = new PackedDecoder(model, packing);
            new IncrementalDecoder(model, weights, shard);
            long before = allocated();
            weights = new PackedDecoder(model, packing);
            for (int i = 0; i < SHARDS; i++) {
                new IncrementalDecoder(model, weights, shard);
            }
            long taken = allocated() - before;
            MemoryPlan planned = new MemoryPlan(new Footprint("policy", config()).decoding(shard, SHARDS));
            assertEquals(0, planned.bytes(Place.OFF_HEAP));
            long bytes = planned.bytes(Place.HEAP);
            assertTrue(bytes <= taken && taken < 1.03 * bytes, "planned " + bytes + ", taken " + taken);
        }
    }
}
