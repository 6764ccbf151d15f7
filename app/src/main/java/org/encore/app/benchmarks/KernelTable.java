package org.encore.app.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.encore.benchmarks.kernels.KernelTiming;

/** Timings of kernels as text for people: one line a kernel, one column a kind. */
final class KernelTable {
    private KernelTable() {}

    static String of(List<KernelTiming> timings) {
        Map<String, StringBuilder> lines = new LinkedHashMap<>();
        for (KernelTiming timing : timings) {
            lines.computeIfAbsent(
                            timing.kernel(), kernel -> new StringBuilder(String.format(Locale.ROOT, "%-24s", kernel)))
                    .append(String.format(
                            Locale.ROOT,
                            "  %s %9.1f ± %.1f µs",
                            timing.kind(),
                            timing.microseconds(),
                            timing.uncertainty()));
        }
        return String.join("\n", lines.values());
    }
}
