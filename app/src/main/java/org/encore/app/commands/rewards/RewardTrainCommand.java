package org.encore.app.commands.rewards;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.encore.app.commands.ConfigOptions;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.app.terminal.TerminalProgress;
import org.encore.base.files.InvalidFileException;
import org.encore.rewards.specs.RewardKinds.TrainingSpec;
import org.encore.rewards.trained.RewardDirectory;
import org.encore.rewards.trained.RewardKind.RewardReport;
import org.encore.rewards.trained.RewardKind.RewardTraining;
import org.encore.rewards.trained.RewardKind.TrainedReward;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Trains a learned reward and measures it. */
@Command(name = "train", description = "Trains a learned reward, measures it and writes its directory with a card.")
public final class RewardTrainCommand implements Callable<Integer> {
    @Mixin
    private ConfigOptions config;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where the reward goes (default: runs/rewards/ and the name of the configuration).")
    private Path out;

    @Mixin
    private Measurement measurement;

    @Mixin
    private Results results;

    @Override
    public Integer call() throws IOException {
        RewardTraining training = config.read(TrainingSpec.class).reward();
        Path target = target();
        measurement.check(training.kind());
        try (TerminalProgress progress = new TerminalProgress()) {
            TrainedReward trained = training.train(progress);
            RewardDirectory directory = RewardDirectory.write(target, trained);
            RewardReport report = measurement.of(directory, progress);
            directory.record(report);
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("reward", target.toString());
            facts.put("kind", directory.kind());
            facts.putAll(report.metrics());
            results.print(facts, report.table() + "reward: " + target);
        }
        return ExitStatus.OK;
    }

    /** Only another reward may be written over. */
    private Path target() {
        String name = config.path().getFileName().toString().replaceFirst("\\.ya?ml$", "");
        Path target = out == null ? Path.of("runs", "rewards", name) : out;
        if (Files.exists(target) && !Files.exists(target.resolve(RewardDirectory.DESCRIPTION))) {
            throw new InvalidFileException(
                    target, "exists and is no reward; name another place with --out, or remove it");
        }
        return target;
    }

    /** Everything about learned rewards: the list of the commands below it. */
    @Command(
            name = "rewards",
            description = "Trains learned rewards, scores files with them, measures them.",
            subcommands = {
                RewardTrainCommand.class,
                RewardScoreCommand.class,
                RewardEvaluateCommand.class,
                RewardBenchCommand.class
            })
    public static final class RewardsCommand implements Runnable {
        @Spec
        private CommandSpec command;

        @Override
        public void run() {
            throw new ParameterException(
                    command.commandLine(),
                    "Missing required subcommand: "
                            + String.join(", ", command.subcommands().keySet()));
        }
    }
}
