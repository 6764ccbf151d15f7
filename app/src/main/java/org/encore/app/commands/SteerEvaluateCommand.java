package org.encore.app.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.encore.app.report.SteeringTables;
import org.encore.app.runs.GenerationPipeline;
import org.encore.app.runs.Machine;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.app.terminal.TerminalProgress;
import org.encore.base.files.InvalidFileException;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.model.pretrained.Codecs;
import org.encore.rewards.adherence.AdherenceReward;
import org.encore.rewards.trained.RewardDirectory;
import org.encore.steering.evaluation.SteeringEvaluation;
import org.encore.steering.evaluation.SteeringEvaluation.Result;
import org.encore.steering.evaluation.SteeringSettings;
import org.encore.steering.probes.ProbeDirectory;
import org.encore.steering.probes.Trait;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures steering. */
@Command(
        name = "evaluate",
        description =
                "Continues pieces without a trait, with and without steering, and measures how often the trait comes"
                        + " and how far the music moves.")
public final class SteerEvaluateCommand implements Callable<Integer> {
    @Mixin
    private ConfigOptions.RequiredConfig config;

    @Mixin
    private SteerOptions.Probes probes;

    @Option(names = "--out", paramLabel = "DIR", description = "Where files go: JSON, two pictures and a page.")
    private Path out;

    @Mixin
    private Results results;

    @Override
    public Integer call() throws IOException {
        long start = System.nanoTime();
        SteeringSettings settings = config.read(SteeringSettings.class);
        CheckpointInfo checkpoint = CheckpointInfo.of(Machine.locate(settings.checkpoint()));
        if (!checkpoint.codec().equals(Codecs.NOTES)) {
            throw new InvalidFileException(
                    checkpoint.directory(),
                    "the codec is " + checkpoint.codec()
                            + ", but success is judged by rules on notes and beginnings are"
                            + " études: evaluate a model of " + Codecs.NOTES);
        }
        ProbeDirectory fitted = probes.of(checkpoint);
        for (Trait trait : settings.traits()) {
            fitted.of(trait.name());
        }
        AdherenceReward tower = AdherenceReward.open(
                "adherence",
                RewardDirectory.open(Machine.locate(settings.evaluation().adherence())));
        Result result;
        try (GenerationPipeline pipeline = GenerationPipeline.load(checkpoint.directory(), SteerCommand.SHARDS);
                TerminalProgress progress = new TerminalProgress()) {
            result = new SteeringEvaluation(pipeline.model(), settings, tower, fitted).run(progress);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("pieces_a_trait", settings.evaluation().pieces());
        facts.putAll(SteeringTables.facts(result));
        facts.put("wall_s", seconds);
        StringBuilder text = new StringBuilder();
        text.append(SteeringTables.markdown(result.table())).append('\n');
        text.append(SteeringTables.byTrait(result.table())).append('\n');
        text.append(SteeringTables.markdown(result.heads())).append('\n');
        text.append(SteeringTables.markdown(result.monitor()));
        if (out != null) {
            text.append("look: ")
                    .append(SteeringTables.write(out, "Steering of " + settings.checkpoint(), facts, result))
                    .append('\n');
        }
        results.print(facts, text + String.format(Locale.ROOT, "%.1f s", seconds));
        return ExitStatus.OK;
    }
}
