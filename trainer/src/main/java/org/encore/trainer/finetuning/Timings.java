package org.encore.trainer.finetuning;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Seconds of each phase of an iteration; repeated phases add up. */
final class Timings {
    private final Clock clock;
    private final Map<String, Double> seconds = new LinkedHashMap<>();

    Timings(Clock clock) {
        this.clock = clock;
    }

    /** Runs a phase. */
    <T> T time(String phase, Supplier<T> work) {
        long start = clock.millis();
        T result = work.get();
        seconds.merge(phase, (clock.millis() - start) / 1000.0, Double::sum);
        return result;
    }

    /** Adds the seconds of a phase that was measured elsewhere. */
    void add(String phase, double measured) {
        seconds.merge(phase, measured, Double::sum);
    }

    /** Seconds of a phase, at least 0.001. */
    double of(String phase) {
        return Math.max(seconds.getOrDefault(phase, 0.0), 1e-3);
    }

    /** All phases as {@code timing_s/<phase>}, and their sum as {@code timing_s/step}. */
    Map<String, Double> named() {
        Map<String, Double> named = new LinkedHashMap<>();
        seconds.forEach((phase, value) -> named.put("timing_s/" + phase, value));
        named.put(
                "timing_s/step",
                seconds.values().stream().mapToDouble(Double::doubleValue).sum());
        return named;
    }
}
