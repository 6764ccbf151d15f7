package org.encore.app.benchmarks;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.encore.app.benchmarks.ComparisonTable.KernelTable;
import org.encore.app.terminal.CommandFailedException;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.app.terminal.TerminalProgress;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.InvalidFileException;
import org.encore.benchmarks.MissingLibraryException;
import org.encore.benchmarks.children.EngineProcess.ChildFailedException;
import org.encore.benchmarks.comparison.Agreement.DisagreementException;
import org.encore.benchmarks.comparison.ComparisonReport;
import org.encore.benchmarks.comparison.ComparisonSettings;
import org.encore.benchmarks.comparison.EngineComparison;
import org.encore.benchmarks.engines.Work;
import org.encore.benchmarks.kernels.KernelRun;
import org.encore.benchmarks.kernels.KernelTimings.KernelTiming;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures how fast Encore is on this machine. */
@Command(name = "bench", description = "Measures how fast Encore is on this machine.")
public final class BenchCommand implements Runnable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        throw new ParameterException(command.commandLine(), "Missing required subcommand: engine or kernels");
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
            results.remark("measuring " + options.description());
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

    /** What to compare and where the figures go. */
    static final class EngineOptions {
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
                description = "Where all figures go.")
        private Path out;

        ComparisonSettings settings() {
            return new ComparisonSettings(works, runs, warmUps);
        }

        String description() {
            return works.stream().map(Work::id).collect(Collectors.joining(", ")) + ": " + runs
                    + " timed repetitions of each side in turn, each in a process of its own; leave the machine alone";
        }

        /** Fails now and not after minutes of measuring. */
        void requireWritable() {
            if (Files.isDirectory(out)) {
                throw new InvalidFileException(out, "is a directory, but --out must name a file");
            }
        }
    }
}
