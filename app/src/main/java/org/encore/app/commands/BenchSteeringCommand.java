package org.encore.app.commands;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.encore.app.runs.Machine;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.app.terminal.TerminalProgress;
import org.encore.benchmarks.comparison.ComparisonReport.MachineFacts;
import org.encore.benchmarks.engines.Task;
import org.encore.benchmarks.steering.SteeringCost;
import org.encore.benchmarks.steering.SteeringCost.Way;
import org.encore.model.kernels.KernelChoice;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Times generation with and without steering. */
@Command(
        name = "steering",
        description = "Times generation without steering and with it, in turn in one process, with random weights.")
final class BenchSteeringCommand implements Callable<Integer> {
    @Option(
            names = "--size",
            paramLabel = "SIZE",
            defaultValue = "reference",
            description = "The decoder: reference (width 256), or musicgen-small (its width, 4 blocks, text).")
    private String size;

    @Option(names = "--runs", paramLabel = "N", defaultValue = "7", description = "Timed repetitions of each way.")
    private int runs;

    @Option(
            names = "--warm-ups",
            paramLabel = "N",
            defaultValue = "3",
            description = "Repetitions before that do not count.")
    private int warmUps;

    @Mixin
    private Results results;

    @Override
    public Integer call() throws IOException {
        SteeringCost cost = new SteeringCost(Task.Size.of("--size", size), runs, warmUps);
        MachineFacts machine = MachineFacts.look();
        int shards = Runtime.getRuntime().availableProcessors();
        KernelChoice kernels = Machine.kernels();
        List<Way> ways;
        try (TerminalProgress progress = new TerminalProgress()) {
            ways = cost.run(shards, kernels::open, progress);
        }
        double plain = ways.get(0).median();
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%s, %d cores, load before the start: %.2f%n%d sequences of %d steps, %d shards%n%-24s %9s %8s %8s %7s",
                machine.processor(),
                machine.cores(),
                machine.loadBefore(),
                cost.sequences(),
                cost.steps(),
                shards,
                "",
                "median s",
                "min s",
                "max s",
                "times"));
        List<Map<String, Object>> facts = new ArrayList<>();
        for (Way way : ways) {
            text.append(String.format(
                    Locale.ROOT,
                    "%n%-24s %9.3f %8.3f %8.3f %7.3f",
                    way.name(),
                    way.median(),
                    way.min(),
                    way.max(),
                    way.median() / plain));
            Map<String, Object> each = new LinkedHashMap<>();
            each.put("way", way.name());
            each.put("seconds", way.seconds());
            each.put("seconds_median", way.median());
            each.put("times_without", way.median() / plain);
            facts.add(each);
        }
        results.print(Map.of("size", size, "load_before", machine.loadBefore(), "ways", facts), text.toString());
        return ExitStatus.OK;
    }
}
