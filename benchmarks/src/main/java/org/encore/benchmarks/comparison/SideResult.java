package org.encore.benchmarks.comparison;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.apache.commons.math3.stat.StatUtils;
import org.encore.benchmarks.children.Repetition;

/**
 * What one side needed for one piece of work.
 *
 * @param threads shards of Encore, or threads of LibTorch
 * @param repetitions in their order
 * @param peakBytes the most physical memory of its process; 0 where the system does not say
 * @param heapBytesPerStep bytes that a step allocated on the Java heap, if that was measured
 */
public record SideResult(int threads, List<Repetition> repetitions, long peakBytes, OptionalDouble heapBytesPerStep) {
    public SideResult {
        repetitions = List.copyOf(repetitions);
        if (repetitions.isEmpty()) {
            throw new IllegalArgumentException("a result needs at least one repetition");
        }
    }

    private double[] seconds() {
        return repetitions.stream().mapToDouble(Repetition::seconds).toArray();
    }

    /** Median time of repetitions. */
    static double medianSeconds(List<Repetition> repetitions) {
        return StatUtils.percentile(
                repetitions.stream().mapToDouble(Repetition::seconds).toArray(), 50.0);
    }

    /** Median time of a repetition. */
    public double medianSeconds() {
        return medianSeconds(repetitions);
    }

    /** Shortest time. */
    public double minSeconds() {
        return StatUtils.min(seconds());
    }

    /** Longest time. */
    public double maxSeconds() {
        return StatUtils.max(seconds());
    }

    /** Median of the bytes that a repetition allocated on the Java heap. */
    public double medianHeapBytes() {
        return StatUtils.percentile(
                repetitions.stream().mapToDouble(Repetition::heapBytes).toArray(), 50.0);
    }

    Map<String, Object> facts(int tokens, double operations, double productRate) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("threads", threads);
        facts.put("seconds_median", medianSeconds());
        facts.put("seconds_min", minSeconds());
        facts.put("seconds_max", maxSeconds());
        facts.put("seconds_all", repetitions.stream().map(Repetition::seconds).toList());
        facts.put("tokens_per_second", tokens / medianSeconds());
        facts.put("share_of_product_rate", operations / medianSeconds() / productRate);
        facts.put("peak_resident_bytes", peakBytes > 0 ? peakBytes : null);
        facts.put("java_heap_bytes_per_repetition", Math.round(medianHeapBytes()));
        facts.put("java_heap_bytes_per_step", heapBytesPerStep.isPresent() ? heapBytesPerStep.getAsDouble() : null);
        return facts;
    }
}
