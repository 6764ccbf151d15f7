package org.encore.model.memory;

import java.util.List;
import java.util.Locale;
import org.encore.model.memory.MemoryBudget.MemoryLimits;

/**
 * The memory of a run.
 *
 * @param items its parts
 */
public record MemoryPlan(List<Item> items) {
    private static final double MEGABYTE = 1e6;

    public MemoryPlan {
        items = List.copyOf(items);
    }

    /** Where an item lies. */
    public enum Place {
        /** Outside of the Java heap, as tensors do. */
        OFF_HEAP,
        /** In the Java heap. */
        HEAP
    }

    /**
     * One part.
     *
     * @param name what it is
     * @param place where it lies
     * @param bytes its size
     */
    public record Item(String name, Place place, long bytes) {}

    /** The bytes in a place. */
    public long bytes(Place place) {
        return items.stream()
                .filter(item -> item.place() == place)
                .mapToLong(Item::bytes)
                .sum();
    }

    /** Whether it fits the limits. */
    public boolean fits(MemoryLimits limits) {
        return bytes(Place.OFF_HEAP) <= limits.offHeapBytes() && bytes(Place.HEAP) <= limits.heapBytes();
    }

    /** The total, in megabytes. */
    public String total() {
        return megabytes(bytes(Place.OFF_HEAP) + bytes(Place.HEAP));
    }

    /** In one line: the total, then the parts. */
    public String describe() {
        StringBuilder text = new StringBuilder("memory: ").append(total());
        String separator = ": ";
        for (Item item : items) {
            text.append(separator).append(item.name()).append(' ').append(megabytes(item.bytes()));
            separator = ", ";
        }
        return text.toString();
    }

    /** A size in megabytes. */
    public static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%,.0f MB", bytes / MEGABYTE);
    }
}
