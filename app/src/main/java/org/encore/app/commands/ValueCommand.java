package org.encore.app.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.encore.app.report.LossPlot;
import org.encore.app.runs.Machine;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.app.terminal.TerminalProgress;
import org.encore.evaluation.value.ValueOracle;
import org.encore.evaluation.value.ValueOracle.Ceiling;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.parallel.Shards;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.model.pretrained.PretrainedModel;
import org.encore.music.codec.AudioCodec;
import org.encore.music.corpus.Corpus;
import org.encore.music.text.Prompt;
import org.encore.rewards.specs.MixtureSpec;
import org.encore.statistics.Interval;
import org.encore.trainer.finetuning.FineTuneSettings;
import org.encore.trainer.finetuning.FineTuneSettings.Rollout;
import org.encore.trainer.finetuning.GradientVariance;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Everything about value baselines: the list of the commands below it. */
@Command(
        name = "value",
        description = "Measures what a value baseline can know, and what it saves.",
        subcommands = {ValueCommand.Oracle.class, ValueCommand.Gradient.class})
public final class ValueCommand extends CommandGroup {
    /** The first prompts that a run uses are for its training. */
    private static final long FIRST_PROMPT = 1_000_000;

    /** The ceiling of every value baseline. */
    @Command(
            name = "oracle",
            description = "Branches from the beginnings of pieces, and measures how much of the score is decided there:"
                    + " no value baseline can explain more.")
    static final class Oracle implements Callable<Integer> {
        @Mixin
        private ConfigOptions.RequiredConfig config;

        @Option(names = "--prompts", paramLabel = "N", defaultValue = "64", description = "Prompts, one piece each.")
        private int prompts;

        @Option(
                names = "--positions",
                paramLabel = "P",
                defaultValue = "10",
                description = "Beginnings of each piece: 0, 1/P and so on of it.")
        private int positions;

        @Option(
                names = "--branches",
                paramLabel = "N",
                defaultValue = "16",
                description = "Continuations of each beginning.")
        private int branches;

        @Option(names = "--plot", paramLabel = "FILE", description = "A picture of the result, SVG.")
        private Path plot;

        @Mixin
        private Results results;

        @Override
        public Integer call() throws IOException {
            long start = System.nanoTime();
            FineTuneSettings settings = config.read(FineTuneSettings.class).located(Machine::locate);
            Rollout rollout = settings.rollout();
            Path checkpoint = Machine.locate(settings.checkpoint());
            ValueOracle.Result found;
            try (Shards shards = Machine.shards(settings.compute().shards());
                    PretrainedModel model = PretrainedModel.open(CheckpointInfo.of(checkpoint), shards);
                    TerminalProgress progress = new TerminalProgress()) {
                AudioCodec codec = Machine.codec(settings.corpus(), Optional.of(checkpoint), shards);
                Corpus corpus = settings.corpus().open(codec, model.maxFrames());
                List<Prompt> asked = LongStream.range(FIRST_PROMPT, FIRST_PROMPT + prompts)
                        .mapToObj(
                                rollout.prompts() == Rollout.PromptSet.TUNING
                                        ? corpus::tuningPrompt
                                        : corpus::trainPrompt)
                        .toList();
                ValueOracle.Plan plan = new ValueOracle.Plan(
                        positions,
                        branches,
                        Math.min(rollout.maxFrames(), model.maxFrames()),
                        new SamplingSettings(rollout.temperature(), 0, 1.0, rollout.guidanceScale()),
                        rollout.batch(),
                        settings.seed());
                found = new ValueOracle(
                                model,
                                codec,
                                new MixtureSpec(settings.rewards(), settings.onRewardFailure()).mixture(),
                                plan)
                        .run(asked, progress);
            }
            if (plot != null) {
                draw(found, settings);
            }
            print(found, settings, (System.nanoTime() - start) / 1e9);
            return ExitStatus.OK;
        }

        private void draw(ValueOracle.Result found, FineTuneSettings settings) throws IOException {
            Map<String, List<Interval>> curves = new LinkedHashMap<>();
            found.ceilings().forEach(each -> curves.put(each.reward(), each.byPosition()));
            LossPlot.write(
                    "What can be known of the score: explained variance by position, " + settings.checkpoint(),
                    found.positions().stream().mapToDouble(Double::doubleValue).toArray(),
                    curves,
                    plot);
        }

        private void print(ValueOracle.Result found, FineTuneSettings settings, double seconds) {
            StringBuilder text = new StringBuilder(String.format(
                    Locale.ROOT,
                    "explained variance of the true value, %s: %d prompts, %d continuations at each position%n",
                    settings.checkpoint(),
                    prompts,
                    branches));
            text.append(String.format(Locale.ROOT, "%-10s", "position"));
            found.ceilings().forEach(each -> text.append(String.format(Locale.ROOT, "  %-24s", each.reward())));
            text.append(System.lineSeparator());
            for (int p = 0; p < found.positions().size(); p++) {
                text.append(
                        String.format(Locale.ROOT, "%-10.2f", found.positions().get(p)));
                for (Ceiling each : found.ceilings()) {
                    text.append(shown(each.byPosition().get(p)));
                }
                text.append(System.lineSeparator());
            }
            text.append(String.format(Locale.ROOT, "%-10s", "all"));
            found.ceilings().forEach(each -> text.append(shown(each.overall())));
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("checkpoint", settings.checkpoint().toString());
            facts.put("prompts", prompts);
            facts.put("branches", branches);
            facts.put("positions", found.positions());
            facts.put("ceilings", found.ceilings());
            facts.put("pieces", found.pieces());
            facts.put("wall_s", seconds);
            results.print(facts, text + String.format(Locale.ROOT, "%n%d pieces, %.1f s", found.pieces(), seconds));
        }

        private static String shown(Interval share) {
            return String.format(Locale.ROOT, "  %6.3f [%6.3f, %6.3f]", share.value(), share.low(), share.high());
        }
    }

    /** What the baseline saves. */
    @Command(
            name = "gradient",
            description = "Measures the variance of the policy gradient with the value baseline, leave-one-out and a"
                    + " running mean, on the same samples.")
    static final class Gradient implements Callable<Integer> {
        @Mixin
        private ConfigOptions.RequiredConfig config;

        @Option(
                names = "--minibatches",
                paramLabel = "N",
                defaultValue = "24",
                description = "Mini-batches, each as large as an iteration.")
        private int minibatches;

        @Mixin
        private Results results;

        @Override
        public Integer call() throws IOException {
            long start = System.nanoTime();
            FineTuneSettings settings = config.read(FineTuneSettings.class).located(Machine::locate);
            Path checkpoint = Machine.locate(settings.checkpoint());
            GradientVariance measurement = new GradientVariance(settings, minibatches);
            GradientVariance.Result found;
            try (Shards shards = Machine.shards(settings.compute().shards());
                    TerminalProgress progress = new TerminalProgress()) {
                AudioCodec codec = Machine.codec(settings.corpus(), Optional.of(checkpoint), shards);
                found = measurement.measure(checkpoint, codec, shards, progress);
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            StringBuilder text = new StringBuilder(String.format(
                    Locale.ROOT,
                    "policy gradient of %s on %d mini-batches, %d samples in all%n%-14s %34s %26s %32s %12s%n",
                    settings.checkpoint(),
                    minibatches,
                    found.samples(),
                    "baseline",
                    "trace of the covariance",
                    "over leave-one-out",
                    "signal",
                    "advantages"));
            for (GradientVariance.Row row : found.rows()) {
                text.append(String.format(
                        Locale.ROOT,
                        "%-14s %12.4g [%8.4g, %8.4g] %8.3f [%6.3f, %6.3f] %10.2g [%8.2g, %8.2g] %12.4g%n",
                        row.baseline(),
                        row.trace().value(),
                        row.trace().low(),
                        row.trace().high(),
                        row.relative().value(),
                        row.relative().low(),
                        row.relative().high(),
                        row.signal().value(),
                        row.signal().low(),
                        row.signal().high(),
                        row.advantages()));
            }
            found.explained()
                    .forEach((name, share) -> text.append(String.format(Locale.ROOT, "%-30s %6.3f%n", name, share)));
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("checkpoint", settings.checkpoint().toString());
            facts.put("minibatches", minibatches);
            facts.put("samples", found.samples());
            facts.put("baselines", found.rows());
            facts.put("explained", found.explained());
            facts.put("wall_s", seconds);
            results.print(facts, text + String.format(Locale.ROOT, "%.1f s", seconds));
            return ExitStatus.OK;
        }
    }
}
