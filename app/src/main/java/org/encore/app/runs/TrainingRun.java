package org.encore.app.runs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.encore.app.report.ForensicsSection;
import org.encore.evaluation.policy.OverOptimisation;
import org.encore.model.parallel.Shards;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.model.pretrained.Codecs;
import org.encore.rewards.specs.MixtureSpec.RewardEntry;
import org.encore.statistics.Interval;
import org.encore.trainer.finetuning.FineTuneSettings;
import org.encore.trainer.finetuning.FineTuning;
import org.encore.trainer.finetuning.ShardCluster;

/** One run of fine-tuning, from its checks to its results. */
public final class TrainingRun {
    private TrainingRun() {}

    /**
     * The results of a run.
     *
     * @param facts for programs; also in {@code summary.json}
     * @param text for people
     */
    public record Report(Map<String, Object> facts, String text) {}

    /**
     * Runs, or resumes, a training.
     *
     * @param notes receives what is said before the results
     * @param preflight whether a new run is checked in this process before it starts
     * @param cluster starts the cluster that does the work of the shards; empty for a run in this process
     * @throws org.encore.app.terminal.ExitStatus.CommandFailedException if a check failed
     */
    public static Report run(
            RunSession.Place place,
            FineTuneSettings settings,
            Consumer<String> notes,
            boolean preflight,
            Optional<Supplier<ShardCluster>> cluster)
            throws IOException {
        Path base = Machine.locate(settings.checkpoint());
        // Checked before the run has a directory, so that bad input leaves no directory behind.
        requireUsable(settings, base);
        if (preflight && place.resumed().isEmpty()) {
            PreflightRun.requireReady(settings, notes, cluster.isPresent());
        }
        AtomicReference<Report> report = new AtomicReference<>();
        RunSession.run(place, settings, session -> report.set(train(settings, base, session, notes, cluster)));
        return report.get();
    }

    /** Checks what can be checked before anything is loaded. */
    public static void requireUsable(FineTuneSettings settings, Path base) throws IOException {
        CheckpointInfo checkpoint = CheckpointInfo.of(base);
        settings.corpus().codec().ifPresent(name -> checkpoint.requireCodec(Codecs.symbolic(name), "the corpus"));
        settings.located(Machine::locate).rewards().forEach(RewardEntry::requireUsable);
        requireAttributes(settings);
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

    private static Report train(
            FineTuneSettings settings,
            Path base,
            RunSession session,
            Consumer<String> notes,
            Optional<Supplier<ShardCluster>> cluster)
            throws IOException {
        notes.accept(plan(settings, base, session));
        Optional<ShardCluster> elsewhere = cluster.map(Supplier::get);
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
            return report(training.run(), settings, session);
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

    private static Report report(FineTuning.Result result, FineTuneSettings settings, RunSession session)
            throws IOException {
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
        result.chosen().ifPresent(chosen -> summary.put("chosen", chosen(chosen)));
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
        return new Report(summary, warnings + table(result, split, session));
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
        result.chosen()
                .ifPresent(chosen -> text.append(String.format(
                        Locale.ROOT,
                        "%d held-out evaluations in %.0f s; chosen: %s%n%s",
                        chosen.evaluations(),
                        chosen.seconds(),
                        chosen.reason(),
                        chosen.checkpoint()
                                .map(path -> "chosen checkpoint: " + path + System.lineSeparator())
                                .orElse(""))));
        text.append("checkpoint: ").append(result.checkpoint()).append(System.lineSeparator());
        text.append("look and listen: ").append(session.directory().report());
        return text.toString();
    }

    private static Map<String, Object> chosen(FineTuning.Chosen chosen) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("step", chosen.step());
        facts.put("reason", chosen.reason());
        facts.put("checkpoint", chosen.checkpoint().map(Path::toString).orElse(null));
        facts.put("evaluations", chosen.evaluations());
        facts.put("seconds", chosen.seconds());
        return facts;
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
