package org.encore.app.commands;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.encore.app.commands.BenchCommand.ComparisonTable.KernelTable;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.ExitStatus.CommandFailedException;
import org.encore.app.terminal.Results;
import org.encore.app.terminal.TerminalProgress;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.InvalidFileException;
import org.encore.benchmarks.MissingLibraryException;
import org.encore.benchmarks.codec.CodecComparison;
import org.encore.benchmarks.codec.CodecComparison.CodecFailedException;
import org.encore.benchmarks.codec.CodecComparison.CodecReport;
import org.encore.benchmarks.codec.CodecComparison.CodecSettings;
import org.encore.benchmarks.comparison.ComparisonReport;
import org.encore.benchmarks.comparison.ComparisonReport.Agreement.DisagreementException;
import org.encore.benchmarks.comparison.ComparisonReport.MachineFacts;
import org.encore.benchmarks.comparison.ComparisonReport.SideResult;
import org.encore.benchmarks.comparison.ComparisonReport.WorkResult;
import org.encore.benchmarks.comparison.EngineComparison;
import org.encore.benchmarks.comparison.EngineComparison.ComparisonSettings;
import org.encore.benchmarks.comparison.EngineProcess.ChildFailedException;
import org.encore.benchmarks.engines.Task;
import org.encore.benchmarks.engines.Work;
import org.encore.benchmarks.kernels.KernelRun;
import org.encore.benchmarks.kernels.KernelRun.KernelTimings.KernelTiming;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures how fast Encore is on this machine. */
@Command(
        name = "bench",
        description = "Measures how fast Encore is on this machine.",
        subcommands = BenchSteeringCommand.class)
public final class BenchCommand implements Runnable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        throw new ParameterException(
                command.commandLine(), "Missing required subcommand: encodec, engine, kernels or steering");
    }

    @Command(
            name = "engine",
            description =
                    "Times Encore and LibTorch in turn on the same decoder. The first time it downloads LibTorch.")
    int engine(@Mixin EngineOptions options, @Mixin Results results) throws IOException {
        ComparisonSettings settings = options.settings();
        options.requireWritable();
        ComparisonReport report;
        try (TerminalProgress progress = new TerminalProgress()) {
            EngineComparison comparison = new EngineComparison(settings, progress);
            results.note("measuring " + options.description());
            report = comparison.run();
        } catch (DisagreementException | ChildFailedException | MissingLibraryException e) {
            throw new CommandFailedException(e.getMessage(), e);
        }
        Map<String, Object> facts = report.facts();
        AtomicFiles.write(options.out, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(facts));
        results.print(facts, ComparisonTable.of(report) + "\nwritten: " + options.out);
        return ExitStatus.OK;
    }

    @Command(
            name = "encodec",
            description =
                    "Times decoding and encoding of sound by Encore's EnCodec and LibTorch in turn, at the size of"
                            + " MusicGen's codec with random weights. The first time it downloads LibTorch.")
    int encodec(@Mixin CodecOptions options, @Mixin Results results) throws IOException {
        CodecReport report;
        try (TerminalProgress progress = new TerminalProgress()) {
            report = new CodecComparison(options.settings(), progress).run();
        } catch (MissingLibraryException | CodecFailedException e) {
            throw new CommandFailedException(e.getMessage(), e);
        }
        results.print(report.facts(), CodecTable.of(report));
        return ExitStatus.OK;
    }

    /** Length of the clip and number of repetitions. */
    static final class CodecOptions {
        @Option(names = "--seconds", paramLabel = "N", defaultValue = "10", description = "Length of the clip.")
        private int seconds;

        @Option(names = "--runs", paramLabel = "N", defaultValue = "7", description = "Timed repetitions of each side.")
        private int runs;

        @Option(
                names = "--warm-ups",
                paramLabel = "N",
                defaultValue = "3",
                description = "Repetitions before that do not count.")
        private int warmUps;

        CodecSettings settings() {
            return new CodecSettings(seconds, runs, warmUps);
        }
    }

    /** A comparison of codecs as text. */
    static final class CodecTable {
        private CodecTable() {}

        static String of(CodecReport r) {
            StringBuilder text = new StringBuilder();
            ComparisonTable.line(
                    text,
                    "%s, %d cores, load before the start: %.2f",
                    r.machine().processor(),
                    r.machine().cores(),
                    r.machine().loadBefore());
            ComparisonTable.line(text, "A: %s, peak %.0f MB", r.encore(), r.encorePeakBytes() / 1e6);
            ComparisonTable.line(text, "B: %s, peak %.0f MB", r.libtorch(), r.libtorchPeakBytes() / 1e6);
            ComparisonTable.line(
                    text,
                    "large products: %.0f GFLOP/s by A's library, %.0f by B's; shares are of the better",
                    r.encoreProductRate() / 1e9,
                    r.libtorchProductRate() / 1e9);
            for (CodecReport.Timing timing : r.timings()) {
                String work = timing.work().name().toLowerCase(Locale.ROOT) + " " + r.seconds() + " s";
                side(text, r, timing, work, "encore", timing.encoreSeconds());
                side(text, r, timing, work, "libtorch/" + timing.libtorchThreads(), timing.libtorchSeconds());
                ComparisonTable.line(
                        text,
                        "%-12s Encore is %.2f times as fast (%.0f GFLOP)",
                        work,
                        timing.speedRatio(),
                        timing.operations() / 1e9);
            }
            return text.toString().stripTrailing();
        }

        private static void side(
                StringBuilder text,
                CodecReport r,
                CodecReport.Timing timing,
                String work,
                String name,
                double seconds) {
            ComparisonTable.line(
                    text,
                    "%-12s %-12s %8.3f s, %5.1f times real time, %4.1f%% of the product rate",
                    work,
                    name,
                    seconds,
                    r.seconds() / seconds,
                    100.0 * r.share(timing, seconds));
        }
    }

    @Command(
            name = "kernels",
            description = "Times single kernels, SIMD and portable, on one thread; about ten seconds for each.")
    int kernels(
            @Option(
                            names = "--kernel",
                            paramLabel = "REGEX",
                            defaultValue = "",
                            showDefaultValue = CommandLine.Help.Visibility.NEVER,
                            description = "Only kernels whose name contains a match.")
                    String filter,
            @Mixin Results results) {
        List<KernelTiming> timings;
        try {
            timings = KernelRun.measure(filter, System.err);
        } catch (MissingLibraryException e) {
            throw new CommandFailedException(e.getMessage(), e);
        }
        results.print(Map.of("kernels", timings), KernelTable.of(timings));
        return ExitStatus.OK;
    }

    /** What to compare, and the output file. */
    static final class EngineOptions {
        @Option(
                names = "--size",
                paramLabel = "SIZE",
                defaultValue = "reference",
                description = "The decoder: reference (width 256), or musicgen-small (its width, 4 blocks, text).")
        private String size;

        @Option(
                names = "--work",
                paramLabel = "WORK",
                split = ",",
                defaultValue = "train,decode,iteration",
                description = "What to time: train, decode or iteration, separated by commas.")
        private List<Work> works;

        @Option(names = "--runs", paramLabel = "N", defaultValue = "7", description = "Timed repetitions of each side.")
        private int runs;

        @Option(
                names = "--warm-ups",
                paramLabel = "N",
                defaultValue = "3",
                description = "Repetitions before that do not count.")
        private int warmUps;

        @Option(
                names = "--out",
                paramLabel = "FILE",
                defaultValue = "bench.json",
                description = "Output file for all measurements.")
        private Path out;

        ComparisonSettings settings() {
            return new ComparisonSettings(size(), works, runs, warmUps);
        }

        private Task.Size size() {
            return Task.Size.of("--size", size);
        }

        String description() {
            return works.stream().map(Work::id).collect(Collectors.joining(", ")) + ": " + runs
                    + " timed repetitions of each side in turn, each in a process of its own; leave the machine alone";
        }

        /** Fails before the measurement rather than after it. */
        void requireWritable() {
            if (Files.isDirectory(out)) {
                throw new InvalidFileException(out, "is a directory, but --out must name a file");
            }
        }
    }

    /** A comparison as text. */
    static final class ComparisonTable {
        private static final double MEGA = 1e6;
        private static final double GIGA = 1e9;
        /** Largest load of a quiet machine, as a share of its cores. */
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
                        work.task().id(),
                        work.speedRatio(),
                        work.operations() / GIGA);
            }
            return text.toString().stripTrailing();
        }

        private static void side(StringBuilder text, WorkResult work, SideResult side, String name, double rate) {
            line(
                    text,
                    "%-10s %-9s %7d %8.3f %8.3f %8.3f %9.0f %5.1f%% %9.0f %9.2f %8s",
                    work.task().id(),
                    name,
                    side.threads(),
                    side.medianSeconds(),
                    side.minSeconds(),
                    side.maxSeconds(),
                    work.task().tokens() / side.medianSeconds(),
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

        /** Timings of kernels as text: one line per kernel, one column per kind. */
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
}
