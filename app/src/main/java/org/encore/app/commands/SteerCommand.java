package org.encore.app.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.encore.app.report.ProbePage;
import org.encore.app.runs.GenerationPipeline;
import org.encore.app.runs.Machine;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.app.terminal.TerminalProgress;
import org.encore.base.files.InvalidFileException;
import org.encore.model.pretrained.PretrainedModel;
import org.encore.statistics.Interval;
import org.encore.steering.evaluation.SteeringSettings;
import org.encore.steering.probes.ProbeDirectory;
import org.encore.steering.probes.ProbeFit;
import org.encore.steering.probes.ProbeFit.Fitted;
import org.encore.steering.probes.ProbeFit.Transfer;
import org.encore.steering.probes.Trait;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Everything about steering: the list of the commands below it. */
@Command(
        name = "steer",
        description =
                "Fits probes of traits, such as an instrument, measures how well they steer a model, and lets you play"
                        + " with them.",
        subcommands = {SteerCommand.Fit.class, SteerEvaluateCommand.class, SteerServeCommand.class})
public final class SteerCommand extends CommandGroup {
    /** Sequences are read or generated on as many shards. */
    static final int SHARDS = 2;

    /** Fits probes. */
    @Command(
            name = "fit",
            description = "Fits a probe of each trait on every head and layer of a model, and measures them on held-out"
                    + " pieces.")
    static final class Fit implements Callable<Integer> {
        @Mixin
        private ConfigOptions.RequiredConfig config;

        @Option(
                names = "--out",
                paramLabel = "DIR",
                description = "Where the probes go (default: the directory steering in that of the checkpoint, where"
                        + " generate looks for them).")
        private Path out;

        @Option(
                names = "--against",
                paramLabel = "DIR",
                description =
                        "Probes of another model of the same sizes, such as the base of a fine-tuned one: also says"
                                + " how accurate they are on this model, and how near its directions are to theirs.")
        private Path against;

        @Mixin
        private Results results;

        @Override
        public Integer call() throws IOException {
            long start = System.nanoTime();
            SteeringSettings settings = config.read(SteeringSettings.class);
            Path checkpoint = Machine.locate(settings.checkpoint());
            Path target = out == null ? checkpoint.resolve(ProbeDirectory.BESIDE) : out;
            if (Files.exists(target) && !ProbeDirectory.isOne(target)) {
                throw new InvalidFileException(
                        target, "exists and holds no probes; name another place with --out, or remove it");
            }
            List<Fitted> fitted = new ArrayList<>();
            Map<String, Transfer> transfers = new LinkedHashMap<>();
            try (GenerationPipeline pipeline = GenerationPipeline.load(checkpoint, SHARDS);
                    TerminalProgress progress = new TerminalProgress()) {
                PretrainedModel model = pipeline.model();
                Optional<ProbeDirectory> others = against == null
                        ? Optional.empty()
                        : Optional.of(ProbeDirectory.read(
                                Machine.locate(against), model.config().decoder()));
                ProbeFit fit = new ProbeFit(model, settings.probes(), settings.seed());
                for (Trait trait : settings.traits()) {
                    Optional<Fitted> other = others.map(each -> each.of(trait.name()));
                    Fitted own = fit.fit(trait, progress);
                    fitted.add(own);
                    if (other.isPresent()) {
                        transfers.put(trait.name(), fit.compare(trait, own, other.get(), progress));
                    }
                }
                ProbeDirectory.write(
                        target,
                        settings.checkpoint().toString(),
                        config.commandLine("steer fit"),
                        model.config().decoder(),
                        settings.control().strength(),
                        settings.probes(),
                        fitted);
                ProbePage.write(
                        target, settings.checkpoint().toString(), model.config().decoder(), fitted);
            }
            print(target, settings, fitted, transfers, (System.nanoTime() - start) / 1e9);
            return ExitStatus.OK;
        }

        private void print(
                Path target,
                SteeringSettings settings,
                List<Fitted> fitted,
                Map<String, Transfer> transfers,
                double seconds) {
            Map<String, Object> accuracies = new LinkedHashMap<>();
            StringBuilder text = new StringBuilder(String.format(
                    Locale.ROOT,
                    "best head of each trait, chosen on %d pairs, on %d held-out ones (accuracy, %%)%n",
                    settings.probes().selection(),
                    settings.probes().heldOut()));
            for (Fitted each : fitted) {
                accuracies.put(each.trait(), each.accuracy());
                text.append(String.format(Locale.ROOT, "  %-20s %s", each.trait(), perCent(each.accuracy())));
                Transfer transfer = transfers.get(each.trait());
                if (transfer != null) {
                    text.append(String.format(
                            Locale.ROOT,
                            "; by the others' probes %s, cosine of directions %.2f",
                            perCent(transfer.accuracy()),
                            transfer.cosine()));
                }
                text.append(System.lineSeparator());
            }
            double mean = fitted.stream()
                    .mapToDouble(each -> each.accuracy().value())
                    .average()
                    .orElseThrow();
            text.append(String.format(Locale.ROOT, "  %-20s %.1f%n", "mean", 100.0 * mean));
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("probes", target.toString());
            facts.put("probe_accuracy", accuracies);
            facts.put("mean", mean);
            if (!transfers.isEmpty()) {
                facts.put("against", against.toString());
                facts.put("transfer", transfers);
            }
            facts.put("wall_s", seconds);
            results.print(
                    facts,
                    text + "probes: " + target
                            + String.format(
                                    Locale.ROOT, "; look: %s%n%.1f s", target.resolve(ProbePage.NAME), seconds));
        }

        private static String perCent(Interval share) {
            return String.format(
                    Locale.ROOT, "%.1f [%.1f, %.1f]", 100.0 * share.value(), 100.0 * share.low(), 100.0 * share.high());
        }
    }
}
