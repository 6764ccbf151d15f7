package org.encore.model.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.encore.model.kernels.nd4j.OffHeap;
import org.encore.model.memory.MemoryPlan.Place;
import org.encore.model.transformer.Activations.ActivationCheckpointing;

/**
 * Settles how a run fits into memory, or says in one line why it does not.
 *
 * @param limits what there is
 * @param plan what a run of some sizes takes
 * @param framesKey name of the setting that {@link Sizes#maxFrames} comes from
 */
public record MemoryBudget(MemoryLimits limits, Function<Sizes, MemoryPlan> plan, String framesKey) {
    private static final int LEAST_FRAMES = 16;

    /**
     * What the memory of a run depends on and a user can change.
     *
     * @param microBatch the most sequences of a pass
     * @param maxFrames the most frames of a sequence
     * @param storage what a forward pass leaves
     */
    public record Sizes(int microBatch, int maxFrames, ActivationCheckpointing storage) {
        Sizes with(ActivationCheckpointing other) {
            return new Sizes(microBatch, maxFrames, other);
        }
    }

    /** A change of one setting, or of two. */
    private record Change(String description, Sizes sizes) {}

    /**
     * The first storage that is allowed and fits.
     *
     * @throws IllegalArgumentException if none does; the message names the smallest change that would
     */
    public ActivationCheckpointing settle(Checkpointing wish, int microBatch, int maxFrames) {
        for (ActivationCheckpointing storage : wish.storages()) {
            if (fits(new Sizes(microBatch, maxFrames, storage))) {
                return storage;
            }
        }
        List<ActivationCheckpointing> allowed = wish.storages();
        Sizes wanted = new Sizes(microBatch, maxFrames, allowed.get(allowed.size() - 1));
        throw new IllegalArgumentException("the run does not fit into memory: it needs " + need(wanted) + "; "
                + changes(wanted).stream()
                        .filter(change -> fits(change.sizes()))
                        .findFirst()
                        .map(change -> change.description() + " would do, with " + need(change.sizes()))
                        .orElse("no microBatch, recompute or maxFrames would do, so take a smaller model"));
    }

    private boolean fits(Sizes sizes) {
        try {
            return plan.apply(sizes).fits(limits);
        } catch (ArithmeticException tooLarge) {
            return false;
        }
    }

    /** From the smallest change to the largest. */
    private List<Change> changes(Sizes wanted) {
        List<Change> changes = new ArrayList<>();
        Sizes again = wanted.with(ActivationCheckpointing.RECOMPUTED);
        if (wanted.storage() == ActivationCheckpointing.KEPT) {
            changes.add(new Change("compute.recompute: true", again));
        }
        String also = wanted.storage() == ActivationCheckpointing.KEPT ? " with compute.recompute: true" : "";
        for (Sizes base : wanted.equals(again) ? List.of(again) : List.of(wanted, again)) {
            String with = base.equals(wanted) ? "" : also;
            for (int batch = wanted.microBatch() / 2; batch >= 1; batch /= 2) {
                changes.add(new Change(
                        "compute.microBatch: " + batch + with, new Sizes(batch, wanted.maxFrames(), base.storage())));
            }
        }
        for (int frames = wanted.maxFrames() / 2; frames >= LEAST_FRAMES; frames /= 2) {
            changes.add(new Change(
                    framesKey + ": " + frames + " with compute.microBatch: 1" + also,
                    new Sizes(1, frames, ActivationCheckpointing.RECOMPUTED)));
        }
        return changes;
    }

    private String need(Sizes sizes) {
        try {
            MemoryPlan needed = plan.apply(sizes);
            return MemoryPlan.megabytes(needed.bytes(Place.OFF_HEAP)) + " of "
                    + MemoryPlan.megabytes(limits.offHeapBytes()) + " outside of the Java heap and "
                    + MemoryPlan.megabytes(needed.bytes(Place.HEAP)) + " of "
                    + MemoryPlan.megabytes(limits.heapBytes()) + " in it";
        } catch (ArithmeticException tooLarge) {
            return "a tensor of 2^31 elements or more";
        }
    }

    /**
     * How much memory there is.
     *
     * @param offHeapBytes for tensors
     * @param heapBytes for caches and packed weights
     */
    public record MemoryLimits(long offHeapBytes, long heapBytes) {
        /** Share of the heap that what is planned may take; the rest is for everything else. */
        private static final double HEAP_SHARE = 0.8;

        /** This machine's: its memory, JavaCPP's limits and the largest heap. */
        public static MemoryLimits ofThisMachine() {
            return new MemoryLimits(OffHeap.limitBytes(), (long)
                    (HEAP_SHARE * Runtime.getRuntime().maxMemory()));
        }
    }

    /** Whether a backward pass computes activations again; the results have the same bits. */
    public enum Checkpointing {
        /** Always. */
        TRUE,
        /** Never. */
        FALSE,
        /** Only if a run does not fit into memory otherwise. */
        AUTO;

        /** What is allowed, the fastest first. */
        public List<ActivationCheckpointing> storages() {
            return switch (this) {
                case TRUE -> List.of(ActivationCheckpointing.RECOMPUTED);
                case FALSE -> List.of(ActivationCheckpointing.KEPT);
                case AUTO -> List.of(ActivationCheckpointing.KEPT, ActivationCheckpointing.RECOMPUTED);
            };
        }
    }
}
