package org.encore.model.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.encore.model.kernels.nd4j.OffHeap;
import org.encore.model.memory.MemoryPlan.Place;
import org.encore.model.transformer.Activations.ActivationCheckpointing;

/**
 * Decides whether a run fits into memory, and whether it needs activation checkpointing.
 *
 * @param limits available memory
 * @param plan memory of a run of given sizes
 * @param framesKey name of the setting that {@link Sizes#maxFrames} comes from
 */
public record MemoryBudget(MemoryLimits limits, Function<Sizes, MemoryPlan> plan, String framesKey) {
    private static final int LEAST_FRAMES = 16;

    /**
     * The settings that determine the memory of a run.
     *
     * @param microBatch the most sequences of a pass
     * @param maxFrames the most frames of a sequence
     * @param checkpointing what a forward pass keeps
     */
    public record Sizes(int microBatch, int maxFrames, ActivationCheckpointing checkpointing) {
        Sizes with(ActivationCheckpointing other) {
            return new Sizes(microBatch, maxFrames, other);
        }
    }

    /** A change of one setting, or of two. */
    private record Change(String description, Sizes sizes) {}

    /**
     * The first allowed choice that fits.
     *
     * @throws IllegalArgumentException if none does; the message names the smallest change that fits
     */
    public ActivationCheckpointing settle(Checkpointing wish, int microBatch, int maxFrames) {
        for (ActivationCheckpointing checkpointing : wish.choices()) {
            if (fits(new Sizes(microBatch, maxFrames, checkpointing))) {
                return checkpointing;
            }
        }
        List<ActivationCheckpointing> allowed = wish.choices();
        Sizes wanted = new Sizes(microBatch, maxFrames, allowed.get(allowed.size() - 1));
        throw new IllegalArgumentException("the run does not fit into memory: it needs " + need(wanted) + "; "
                + changes(wanted).stream()
                        .filter(change -> fits(change.sizes()))
                        .findFirst()
                        .map(change -> change.description() + " would do, with " + need(change.sizes()))
                        .orElse("no microBatch, activationCheckpointing or maxFrames would do,"
                                + " so take a smaller model"));
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
        if (wanted.checkpointing() == ActivationCheckpointing.KEPT) {
            changes.add(new Change("compute.activationCheckpointing: true", again));
        }
        String also = wanted.checkpointing() == ActivationCheckpointing.KEPT
                ? " with compute.activationCheckpointing: true"
                : "";
        for (Sizes base : wanted.equals(again) ? List.of(again) : List.of(wanted, again)) {
            String with = base.equals(wanted) ? "" : also;
            for (int batch = wanted.microBatch() / 2; batch >= 1; batch /= 2) {
                changes.add(new Change(
                        "compute.microBatch: " + batch + with,
                        new Sizes(batch, wanted.maxFrames(), base.checkpointing())));
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
     * Available memory.
     *
     * @param offHeapBytes for tensors
     * @param heapBytes for caches and packed weights
     */
    public record MemoryLimits(long offHeapBytes, long heapBytes) {
        /** Share of the heap for planned items; the rest is for everything else. */
        private static final double HEAP_SHARE = 0.8;

        /** This machine's: its memory, JavaCPP's limits and the largest heap. */
        public static MemoryLimits ofThisMachine() {
            return new MemoryLimits(OffHeap.limitBytes(), (long)
                    (HEAP_SHARE * Runtime.getRuntime().maxMemory()));
        }
    }

    /** Whether a backward pass recomputes activations; the results have the same bits. */
    public enum Checkpointing {
        /** Always. */
        TRUE,
        /** Never. */
        FALSE,
        /** Only if a run does not fit into memory otherwise. */
        AUTO;

        /** The allowed choices, the fastest first. */
        public List<ActivationCheckpointing> choices() {
            return switch (this) {
                case TRUE -> List.of(ActivationCheckpointing.RECOMPUTED);
                case FALSE -> List.of(ActivationCheckpointing.KEPT);
                case AUTO -> List.of(ActivationCheckpointing.KEPT, ActivationCheckpointing.RECOMPUTED);
            };
        }
    }
}
