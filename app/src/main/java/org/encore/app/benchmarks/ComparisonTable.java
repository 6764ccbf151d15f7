package org.encore.app.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.encore.benchmarks.comparison.ComparisonReport;
import org.encore.benchmarks.comparison.ComparisonReport.SideResult;
import org.encore.benchmarks.comparison.ComparisonReport.WorkResult;
import org.encore.benchmarks.comparison.MachineFacts;
import org.encore.benchmarks.kernels.KernelTimings.KernelTiming;

/** A comparison as text for people. */
final class ComparisonTable {
    private static final double MEGA = 1e6;
    private static final double GIGA = 1e9;
    /** Share of the cores that may be busy before a machine cannot be called quiet. */
    private static final double QUIET = 0.25;

    private ComparisonTable() {}

    static String of(ComparisonReport report) {
        StringBuilder text = new StringBuilder();
        MachineFacts m = report.machine();
        line(text, "%s, %d cores, %s, Java %s", m.processor(), m.cores(), m.system(), m.java());
        line(
                text,
                "load before the start: %.2f%s",
                m.loadBefore(),
                m.loadBefore() > QUIET * m.cores() ? " (not quiet: times are longer and spread further)" : "");
        line(text, "A: %s", report.encore());
        line(text, "B: %s", report.libtorch());
        line(
                text,
                "large products: %.0f GFLOP/s by A's library, %.0f by B's; shares are of the better",
                report.encoreProductRate() / GIGA,
                report.libtorchProductRate() / GIGA);
        line(
                text,
                "same weights, same codes: loss %.6f and %.6f, norm of the gradient %.5f and %.5f",
                report.agreement().encore().loss(),
                report.agreement().libtorch().loss(),
                report.agreement().encore().gradientNorm(),
                report.agreement().libtorch().gradientNorm());
        line(text, "");
        line(
                text,
                "%-10s %-9s %7s %8s %8s %8s %9s %6s %9s %9s %8s",
                "work",
                "",
                "threads",
                "median s",
                "min s",
                "max s",
                "tokens/s",
                "share",
                "peak MB",
                "heap MB",
                "B/step");
        for (WorkResult work : report.works()) {
            side(text, work, work.encore(), "encore", report.productRate());
            side(text, work, work.libtorch(), "libtorch", report.productRate());
            line(
                    text,
                    "%-10s Encore is %.2f times as fast (%.0f GFLOP)",
                    work.work().id(),
                    work.speedRatio(),
                    work.operations() / GIGA);
        }
        return text.toString().stripTrailing();
    }

    private static void side(StringBuilder text, WorkResult work, SideResult side, String name, double rate) {
        line(
                text,
                "%-10s %-9s %7d %8.3f %8.3f %8.3f %9.0f %5.1f%% %9.0f %9.2f %8s",
                work.work().id(),
                name,
                side.threads(),
                side.medianSeconds(),
                side.minSeconds(),
                side.maxSeconds(),
                work.work().tokens() / side.medianSeconds(),
                100.0 * work.productShare(side, rate),
                side.peakBytes() / MEGA,
                side.medianHeapBytes() / MEGA,
                side.heapBytesPerStep().isPresent()
                        ? String.format(
                                Locale.ROOT, "%.0f", side.heapBytesPerStep().getAsDouble())
                        : "-");
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    /** Timings of kernels as text for people: one line a kernel, one column a kind. */
    static final class KernelTable {
        private KernelTable() {}

        static String of(List<KernelTiming> timings) {
            Map<String, StringBuilder> lines = new LinkedHashMap<>();
            for (KernelTiming timing : timings) {
                lines.computeIfAbsent(
                                timing.kernel(),
                                kernel -> new StringBuilder(String.format(Locale.ROOT, "%-24s", kernel)))
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
}
