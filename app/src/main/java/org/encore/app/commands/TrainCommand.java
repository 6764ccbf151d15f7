package org.encore.app.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.encore.app.commands.ConfigOptions.RunOptions;
import org.encore.app.report.ForensicsSection;
import org.encore.app.runs.Machine;
import org.encore.app.runs.RunSession;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.evaluation.policy.OverOptimisation;
import org.encore.model.parallel.Shards;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.model.pretrained.Codecs;
import org.encore.rewards.specs.MixtureSpec.RewardEntry;
import org.encore.statistics.Interval;
import org.encore.trainer.finetuning.FineTuneSettings;
import org.encore.trainer.finetuning.FineTuning;
import org.encore.trainer.finetuning.ShardCluster;
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

    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private Results results;

    @Override
    public Integer call() throws IOException {
        FineTuneSettings settings = options.config().read(FineTuneSettings.class);
        Path base = Machine.locate(settings.checkpoint());
        // Checked before the run has a directory, so that bad input leaves no directory behind.
        CheckpointInfo checkpoint = CheckpointInfo.of(base);
        settings.corpus().codec().ifPresent(name -> checkpoint.requireCodec(Codecs.symbolic(name), "the corpus"));
        settings.located(Machine::locate).rewards().forEach(RewardEntry::requireUsable);
        requireAttributes(settings);
        if (dryRun) {
            DryRun.print(settings, base, results);
            return ExitStatus.OK;
        }
        RunSession.run(options.place("train"), settings, session -> train(settings, base, session));
        return ExitStatus.OK;
    }

    /** A reward that would abstain from every sample is refused before the run. */
    private static void requireAttributes(FineTuneSettings settings) {
        for (RewardEntry entry : settings.rewards()) {
            if (entry.weight() > 0.0
                    && entry.reward().needsAttributes()
                    && !settings.corpus().knowsAttributes()) {
                throw new IllegalArgumentException("the reward " + entry.id()
                        + " checks the attributes of prompts, but the prompts of this corpus are free text without any, so"
                        + " it would score nothing; take a reward that reads text or sound (text-adherence, onnx, service),"
                        + " or set its weight to 0");
            }
        }
    }

    private void train(FineTuneSettings settings, Path base, RunSession session) throws IOException {
        results.note(plan(settings, base, session));
        Optional<ShardCluster> elsewhere = cluster.start();
        try (ShardCluster started = elsewhere.orElse(null);
                Shards shards =
                        Machine.shards(started == null ? settings.compute().shards() : 1);
                FineTuning training = new FineTuning(
                        settings.located(Machine::locate),
                        base,
                        session.context(),
                        Machine.codec(settings.corpus(), Optional.of(base), shards),
                        shards,
                        elsewhere)) {
            session.recordProvenance(
                    settings,
                    training.dataFingerprints(),
                    settings.seed(),
                    shards.kernels(0).description());
            report(training.run(), settings, session);
        }
    }

    private static String plan(FineTuneSettings s, Path base, RunSession session) {
        return String.format(
                Locale.ROOT,
                "fine-tuning %s in %s: %d iterations of %d prompts x %d samples = %d samples in all",
                base,
                session.directory().path(),
                s.iterations(),
                s.rollout().promptsPerIteration(),
                s.rollout().samplesPerPrompt(),
                (long) s.iterations() * s.rollout().samples());
    }

    private void report(FineTuning.Result result, FineTuneSettings settings, RunSession session) throws IOException {
        Optional<OverOptimisation> overOptimisation = OverOptimisation.of(trainedOn(settings), result.difference());
        Map<String, Object> evaluation = new LinkedHashMap<>();
        String split = settings.evaluation().split().name().toLowerCase(Locale.ROOT);
        evaluation.put("prompts", result.prompts());
        evaluation.put("split", split);
        evaluation.put("unseen_prompts", result.unseen());
        evaluation.put("leaked_prompts", result.leaked());
        evaluation.put("before", result.before());
        evaluation.put("after", result.after());
        evaluation.put("difference", result.difference());
        evaluation.put("kl_per_token", result.klPerCode());
        evaluation.put("kl_per_sequence", result.klPerSequence());
        overOptimisation.ifPresent(found -> evaluation.put("over_optimisation", found.sentence()));
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("iterations", result.iterations());
        summary.put("wall_s", session.seconds());
        summary.put("run", session.directory().path().toString());
        summary.put("checkpoint", result.checkpoint().toString());
        summary.put("evaluation", evaluation);
        List<String> alarms = new ArrayList<>(ForensicsSection.alarms(session.directory()));
        if (result.leaked() > 0) {
            alarms.add(String.format(
                    Locale.ROOT,
                    "%d of the %d %s prompts of the evaluation were also prompts of the training, so they measure memory too",
                    result.leaked(),
                    result.prompts(),
                    split));
        }
        summary.put("alarms", alarms);
        session.finish(summary);
        StringBuilder warnings = new StringBuilder();
        overOptimisation.ifPresent(found -> warnings.append(found.sentence()).append(System.lineSeparator()));
        alarms.forEach(alarm -> warnings.append("ALARM: ").append(alarm).append(System.lineSeparator()));
        results.print(summary, warnings + table(result, split, session));
    }

    private static List<String> trainedOn(FineTuneSettings settings) {
        return settings.rewards().stream()
                .filter(reward -> reward.weight() > 0.0)
                .map(RewardEntry::id)
                .toList();
    }

    private static String table(FineTuning.Result result, String split, RunSession session) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%-28s %10s %10s %10s   (%d %s prompts, 95 %% interval)%n",
                "",
                "before",
                "after",
                "change",
                result.prompts(),
                split));
        result.before()
                .forEach((name, before) -> text.append(
                        row(name, before, result.after().getOrDefault(name, Double.NaN), result.difference())));
        text.append(String.format(
                Locale.ROOT,
                "KL to the base: %.4f nats a code, %.2f nats a sequence%n",
                result.klPerCode(),
                result.klPerSequence()));
        text.append(String.format(Locale.ROOT, "%d iterations in %.0f s%n", result.iterations(), session.seconds()));
        text.append("checkpoint: ").append(result.checkpoint()).append(System.lineSeparator());
        text.append("look and listen: ").append(session.directory().report());
        return text.toString();
    }

    private static String row(String name, double before, double after, Map<String, Interval> differences) {
        Interval difference = differences.get(name);
        String interval = difference == null
                ? ""
                : String.format(Locale.ROOT, "  [%+.4f, %+.4f]", difference.low(), difference.high());
        return String.format(
                Locale.ROOT, "%-28s %10.4f %10.4f %+10.4f%s%n", name, before, after, after - before, interval);
    }
}
