package org.encore.app.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.encore.app.commands.ConfigOptions.RunOptions;
import org.encore.app.runs.Machine;
import org.encore.app.runs.TrainingRun;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.trainer.finetuning.FineTuneSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Fine-tunes a checkpoint by reinforcement learning. */
@Command(name = "train", description = "Fine-tunes a checkpoint by reinforcement learning.")
public final class TrainCommand implements Callable<Integer> {
    @Mixin
    private RunOptions options;

    @Option(
            names = "--dry-run",
            description = "Print what the run takes in memory and time, and stop before anything is loaded.")
    private boolean dryRun;

    @Option(
            names = "--no-preflight",
            description = "Start a new run without the checks of encore preflight, which take some seconds.")
    private boolean unchecked;

    @Mixin
    private Results results;

    @Override
    public Integer call() throws IOException {
        FineTuneSettings settings = options.config().read(FineTuneSettings.class);
        Path base = Machine.locate(settings.checkpoint());
        if (dryRun) {
            TrainingRun.requireUsable(settings, base);
            DryRun.print(settings, base, results);
            return ExitStatus.OK;
        }
        TrainingRun.Report report = TrainingRun.run(options.place("train"), settings, results::note, !unchecked);
        results.print(report.facts(), report.text());
        return ExitStatus.OK;
    }
}
