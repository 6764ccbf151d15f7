package org.encore.app.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.encore.app.commands.ConfigOptions.RunOptions;
import org.encore.app.commands.RewardEvaluateCommand.Measurement;
import org.encore.app.runs.RunSession;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.base.files.InvalidFileException;
import org.encore.rewards.specs.RewardKinds.TrainingSpec;
import org.encore.rewards.trained.RewardDirectory;
import org.encore.rewards.trained.RewardKind.RewardReport;
import org.encore.rewards.trained.RewardKind.RewardTrainer;
import org.encore.run.TrainingLoop;
import org.encore.run.TrainingLoop.RunContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains a learned reward and evaluates it. */
@Command(name = "train", description = "Trains a learned reward, evaluates it and writes its directory with a card.")
public final class RewardTrainCommand implements Callable<Integer> {
    @Mixin
    private RunOptions run;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where the reward goes (default: the directory model in that of the run).")
    private Path out;

    @Mixin
    private Measurement measurement;

    @Mixin
    private Results results;

    @Override
    public Integer call() throws IOException {
        TrainingSpec settings = run.config().read(TrainingSpec.class);
        // Checked before the run has a directory, so that bad input leaves no directory behind.
        requireReplaceable();
        measurement.check(settings.reward().kind());
        RunSession.run(run.place("rewards train"), settings, session -> train(settings, session));
        return ExitStatus.OK;
    }

    private void train(TrainingSpec settings, RunSession session) throws IOException {
        RunContext context = session.context();
        RewardTrainer trainer = settings.reward().trainer(context.progress());
        results.note(String.format(
                Locale.ROOT,
                "training %s in %s: %d steps",
                trainer.kind(),
                session.directory().path(),
                trainer.steps()));
        session.recordProvenance(settings, Map.of(), settings.reward().seed(), "Deeplearning4j");
        long steps = new TrainingLoop("training", trainer, context).run();
        Path target = out == null ? session.directory().path().resolve("model") : out;
        RewardDirectory directory =
                RewardDirectory.write(target, trainer.trained().with("command", session.command()));
        RewardReport report = measurement.of(directory, context.progress());
        directory.record(report);
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("steps", steps);
        summary.put("wall_s", session.seconds());
        summary.put("run", session.directory().path().toString());
        summary.put("reward", target.toString());
        summary.put("kind", directory.kind());
        summary.putAll(report.metrics());
        session.finish(summary);
        results.print(summary, report.table() + "reward: " + target);
    }

    /** Only another reward may be written over. */
    private void requireReplaceable() {
        if (out != null && Files.exists(out) && !Files.exists(out.resolve(RewardDirectory.DESCRIPTION))) {
            throw new InvalidFileException(out, "exists and is no reward; name another place with --out, or remove it");
        }
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
    public static final class RewardsCommand extends CommandGroup {}
}
