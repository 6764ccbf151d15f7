package org.encore.model.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.encore.model.memory.MemoryBudget.Checkpointing;
import org.encore.model.memory.MemoryBudget.MemoryLimits;
import org.encore.model.memory.MemoryBudget.Sizes;
import org.encore.model.memory.MemoryPlan.Item;
import org.encore.model.memory.MemoryPlan.Place;
import org.encore.model.transformer.Activations.ActivationCheckpointing;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
    private static final long MB = 1_000_000;

    /** 100 MB fixed, 2 MB a sequence, a tenth of that if recomputed; 1 MB of heap a frame. */
    private static MemoryPlan plan(Sizes sizes) {
        long perSequence = sizes.checkpointing() == ActivationCheckpointing.KEPT ? 2 * MB : MB / 5;
        return new MemoryPlan(List.of(
                new Item("weights", Place.OFF_HEAP, 100 * MB),
                new Item("activations", Place.OFF_HEAP, sizes.microBatch() * perSequence * sizes.maxFrames() / 64),
                new Item("decoding", Place.HEAP, sizes.maxFrames() * MB)));
    }

    private static MemoryBudget budget(long offHeapMegabytes, long heapMegabytes) {
        return new MemoryBudget(
                new MemoryLimits(offHeapMegabytes * MB, heapMegabytes * MB),
                MemoryBudgetTest::plan,
                "rollout.maxFrames");
    }

    private static String refusal(MemoryBudget budget, Checkpointing wish) {
        return assertThrows(IllegalArgumentException.class, () -> budget.settle(wish, 32, 64))
                .getMessage();
    }

    @Test
    void whatFitsIsKeptUnlessItShallBeComputedAgain() {
        assertEquals(ActivationCheckpointing.KEPT, budget(164, 64).settle(Checkpointing.AUTO, 32, 64));
        assertEquals(ActivationCheckpointing.KEPT, budget(164, 64).settle(Checkpointing.FALSE, 32, 64));
        assertEquals(ActivationCheckpointing.RECOMPUTED, budget(164, 64).settle(Checkpointing.TRUE, 32, 64));
    }

    /** 32 sequences take 64 MB kept and 6.4 MB recomputed. */
    @Test
    void whatDoesNotFitIsComputedAgainIfThatIsLeftOpen() {
        assertEquals(ActivationCheckpointing.RECOMPUTED, budget(163, 64).settle(Checkpointing.AUTO, 32, 64));
        assertEquals(
                "the run does not fit into memory: it needs 164 MB of 163 MB outside of the Java heap and 64 MB of 64 MB"
                        + " in it; compute.activationCheckpointing: true would do, with 106 MB of 163 MB outside of the Java heap and"
                        + " 64 MB of 64 MB in it",
                refusal(budget(163, 64), Checkpointing.FALSE));
    }

    /** 16 sequences, recomputed, take 3.2 MB. */
    @Test
    void theSmallestChangeIsNamed() {
        String message = refusal(budget(105, 64), Checkpointing.AUTO);
        assertTrue(message.contains("; compute.microBatch: 16 would do, with 103 MB of 105 MB"), message);
        String fewer = refusal(budget(101, 64), Checkpointing.AUTO);
        assertTrue(fewer.contains("; compute.microBatch: 4 would do, with 101 MB of 101 MB"), fewer);
        String both = refusal(budget(101, 64), Checkpointing.FALSE);
        assertTrue(both.contains("; compute.microBatch: 4 with compute.activationCheckpointing: true would do"), both);
        String heap = refusal(budget(200, 20), Checkpointing.AUTO);
        assertTrue(heap.contains("; rollout.maxFrames: 16 with compute.microBatch: 1 would do"), heap);
    }

    @Test
    void aModelThatIsTooLargeItselfIsRefusedToo() {
        String message = refusal(budget(99, 64), Checkpointing.AUTO);
        assertTrue(
                message.endsWith(
                        "; no microBatch, activationCheckpointing or maxFrames would do, so take a smaller model"),
                message);
        assertEquals(1, message.lines().count());
    }

    @Test
    void sizesThatNoTensorHasAreRefused() {
        MemoryBudget budget = new MemoryBudget(
                new MemoryLimits(Long.MAX_VALUE, Long.MAX_VALUE),
                sizes -> new MemoryPlan(
                        List.of(new Item("x", Place.HEAP, Math.multiplyExact(sizes.microBatch(), 1 << 28)))),
                "model.maxFrames");
        String message = refusal(budget, Checkpointing.TRUE);
        assertTrue(
                message.contains("it needs a tensor of 2^31 elements or more; compute.microBatch: 4 would"), message);
    }

    @Test
    void aPlanAddsUpAndShowsItsParts() {
        MemoryPlan plan = plan(new Sizes(32, 64, ActivationCheckpointing.KEPT));
        assertEquals(164 * MB, plan.bytes(Place.OFF_HEAP));
        assertEquals(64 * MB, plan.bytes(Place.HEAP));
        assertEquals("memory: 228 MB: weights 100 MB, activations 64 MB, decoding 64 MB", plan.describe());
        assertTrue(plan.fits(new MemoryLimits(164 * MB, 64 * MB)));
        assertFalse(plan.fits(new MemoryLimits(164 * MB, 64 * MB - 1)));
        assertFalse(plan.fits(new MemoryLimits(164 * MB - 1, 64 * MB)));
    }

    @Test
    void thisMachineHasMemory() {
        MemoryLimits limits = MemoryLimits.ofThisMachine();
        assertTrue(limits.offHeapBytes() > 100 * MB, limits::toString);
        assertTrue(limits.heapBytes() > 50 * MB, limits::toString);
    }
}
