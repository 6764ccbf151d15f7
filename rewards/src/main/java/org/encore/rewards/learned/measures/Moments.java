package org.encore.rewards.learned.measures;

import java.util.Arrays;
import java.util.Map;

/**
 * Mean and standard deviation of some numbers; 0 without any.
 *
 * @param mean the mean
 * @param spread the standard deviation
 */
record Moments(double mean, double spread) {
    static Moments of(double[] numbers) {
        double mean = Arrays.stream(numbers).average().orElse(0.0);
        double variance = Arrays.stream(numbers)
                .map(each -> (each - mean) * (each - mean))
                .average()
                .orElse(0.0);
        return new Moments(mean, Math.sqrt(variance));
    }

    /** Entropy of counts, in nats; 0 without any. */
    static double entropy(Map<Integer, Integer> counts) {
        double total = counts.values().stream().mapToInt(Integer::intValue).sum();
        return counts.values().stream()
                .mapToDouble(count -> -count / total * Math.log(count / total))
                .sum();
    }
}
