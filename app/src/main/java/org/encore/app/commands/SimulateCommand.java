package org.encore.app.commands;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.encore.app.commands.ConfigOptions.RequiredConfig;
import org.encore.app.config.ResolvedConfig;
import org.encore.app.runs.Machine;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.app.terminal.TerminalProgress;
import org.encore.base.files.AtomicFiles;
import org.encore.model.parallel.Shards;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.preferences.simulation.ClipTable.ClipGenerator;
import org.encore.preferences.simulation.ClipTable.SimulatedClip;
import org.encore.preferences.simulation.Scale;
import org.encore.preferences.simulation.Simulation;
import org.encore.preferences.simulation.SimulationSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Generates clips with checkpoints and votes of simulated raters. */
@Command(
        name = "simulate",
        description =
                "Generates pairs of clips with checkpoints and votes of simulated raters on them; writes train.jsonl,"
                        + " held-out.jsonl, the clips as MIDI and the raters' scale.")
public final class SimulateCommand implements Callable<Integer> {
    private static final int SHARDS = 2;

    @Mixin
    private RequiredConfig config;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "A new directory for the votes.")
    private Path out;

    @Mixin
    private Results results;

    @Override
    public Integer call() throws IOException {
        SimulationSettings settings = config.read(SimulationSettings.class);
        requireEmpty();
        Optional<Scale> scale = settings.raters().isPresent()
                ? Optional.of(Scale.read(Machine.locate(settings.raters().get())))
                : Optional.empty();
        List<Path> checkpoints =
                settings.clips().checkpoints().stream().map(Machine::locate).toList();
        // All of them before the first generates.
        for (Path checkpoint : checkpoints) {
            CheckpointInfo.of(checkpoint).symbolicCodec();
        }
        int total = settings.clips().count();
        List<SimulatedClip> clips;
        try (Shards shards = Machine.shards(SHARDS);
                TerminalProgress progress = new TerminalProgress()) {
            clips = new ClipGenerator(settings)
                    .generate(checkpoints, shards, done -> progress.step("generating", done, total, done + " clips"));
        }
        Simulation.Result result = new Simulation(settings, clips, scale).write(out);
        AtomicFiles.write(
                out.resolve("config.yaml"), ResolvedConfig.yaml(settings).getBytes(StandardCharsets.UTF_8));
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("directory", out.toString());
        facts.put("clips", clips.size());
        facts.put("train", result.train());
        facts.put("held_out", result.heldOut());
        facts.put("ties", result.ties());
        facts.put("agreement", result.agreement());
        facts.put("matches", MatchText.facts(result.matches()));
        results.print(
                facts,
                String.format(
                                Locale.ROOT,
                                "%s: %d clips, %d votes to learn from, %d held out, %d ties; strict votes follow the mean"
                                        + " taste in %.1f %%",
                                out,
                                clips.size(),
                                result.train(),
                                result.heldOut(),
                                result.ties(),
                                100.0 * result.agreement())
                        + MatchText.lines(result.matches()));
        return ExitStatus.OK;
    }

    private void requireEmpty() throws IOException {
        if (Files.isDirectory(out)) {
            try (Stream<Path> entries = Files.list(out)) {
                if (entries.findAny().isEmpty()) {
                    return;
                }
            }
        }
        if (Files.exists(out)) {
            throw new IllegalArgumentException(
                    "--out is " + out + ", which holds something already: name a new directory");
        }
    }
}
