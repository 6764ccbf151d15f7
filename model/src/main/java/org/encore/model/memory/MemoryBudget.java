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
 * @param others what else could make it fit, from the smallest change to the largest
 */
public record MemoryBudget(
        MemoryLimits limits, Function<Sizes, MemoryPlan> plan, String framesKey, List<Alternative> others) {
    private static final int LEAST_FRAMES = 16;

    public MemoryBudget {
        others = List.copyOf(others);
    }

    /** A budget of a run that has no other settings. */
    public MemoryBudget(MemoryLimits limits, Function<Sizes, MemoryPlan> plan, String framesKey) {
        this(limits, plan, framesKey, List.of());
    }

    /**
     * Other settings of a run, or other limits.
     *
     * @param description the change, as it is made
     * @param limits available memory after it
     * @param plan memory of the run after it
     */
    public record Alternative(String description, MemoryLimits limits, Function<Sizes, MemoryPlan> plan) {}

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
    private record Change(String description, Sizes sizes, MemoryLimits limits, Function<Sizes, MemoryPlan> plan) {
        boolean fits() {
            try {
                return plan.apply(sizes).fits(limits);
            } catch (ArithmeticException tooLarge) {
                return false;
            }
        }
    }

    private Change change(String description, Sizes sizes) {
        return new Change(description, sizes, limits, plan);
    }

    /**
     * The first allowed choice that fits.
     *
     * @throws IllegalArgumentException if none does; the message names the smallest change that fits
     */
    public ActivationCheckpointing settle(Checkpointing wish, int microBatch, int maxFrames) {
        for (ActivationCheckpointing checkpointing : wish.choices()) {
            if (change("", new Sizes(microBatch, maxFrames, checkpointing)).fits()) {
                return checkpointing;
            }
        }
        List<ActivationCheckpointing> allowed = wish.choices();
        Sizes wanted = new Sizes(microBatch, maxFrames, allowed.get(allowed.size() - 1));
        throw new IllegalArgumentException("the run does not fit into memory: it needs " + need(change("", wanted))
                + "; "
                + changes(wanted).stream()
                        .filter(Change::fits)
                        .findFirst()
                        .map(change -> change.description() + " would do, with " + need(change))
                        .orElse("no microBatch, activationCheckpointing or maxFrames would do,"
                                + " so take a smaller model"));
    }

    /** From the smallest change to the largest. */
    private List<Change> changes(Sizes wanted) {
        List<Change> changes = new ArrayList<>();
        Sizes again = wanted.with(ActivationCheckpointing.RECOMPUTED);
        if (wanted.checkpointing() == ActivationCheckpointing.KEPT) {
            changes.add(change("compute.activationCheckpointing: true", again));
        }
        String also = wanted.checkpointing() == ActivationCheckpointing.KEPT
                ? " with compute.activationCheckpointing: true"
                : "";
        for (Sizes base : wanted.equals(again) ? List.of(again) : List.of(wanted, again)) {
            String with = base.equals(wanted) ? "" : also;
            for (int batch = wanted.microBatch() / 2; batch >= 1; batch /= 2) {
                changes.add(change(
                        "compute.microBatch: " + batch + with,
                        new Sizes(batch, wanted.maxFrames(), base.checkpointing())));
            }
        }
        Sizes least = new Sizes(1, wanted.maxFrames(), ActivationCheckpointing.RECOMPUTED);
        String smallest = wanted.microBatch() == 1 ? also : " with compute.microBatch: 1" + also;
        for (Sizes base : wanted.equals(least) ? List.of(wanted) : List.of(wanted, least)) {
            for (Alternative other : others) {
                String with = base.equals(wanted) ? "" : smallest;
                changes.add(new Change(other.description() + with, base, other.limits(), other.plan()));
            }
        }
        for (int frames = wanted.maxFrames() / 2; frames >= LEAST_FRAMES; frames /= 2) {
            changes.add(change(
                    framesKey + ": " + frames + " with compute.microBatch: 1" + also,
                    new Sizes(1, frames, ActivationCheckpointing.RECOMPUTED)));
        }
        return changes;
    }

    private static String need(Change change) {
        try {
            MemoryPlan needed = change.plan().apply(change.sizes());
            return MemoryPlan.megabytes(needed.bytes(Place.OFF_HEAP)) + " of "
                    + MemoryPlan.megabytes(change.limits().offHeapBytes()) + " outside of the Java heap and "
                    + MemoryPlan.megabytes(needed.bytes(Place.HEAP)) + " of "
                    + MemoryPlan.megabytes(change.limits().heapBytes()) + " in it";
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

        /** These limits with a larger heap, which takes from what is outside of it. */
        public MemoryLimits withHeap(long gigabytes) {
            long heap = (long) (HEAP_SHARE * (gigabytes << 30));
            return new MemoryLimits(offHeapBytes - (long) ((heap - heapBytes) / HEAP_SHARE), heap);
        }

        /** Gigabytes of a heap in which planned items of a size have their share. */
        public static long heapFor(long bytes) {
            return (long) Math.ceil(bytes / HEAP_SHARE / (1 << 30));
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
