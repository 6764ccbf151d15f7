package org.encore.app.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.encore.app.report.ProfilePage.ProfileFiles;
import org.encore.app.report.ProfileTable;
import org.encore.app.report.ProfileTable.ProfileTree;
import org.encore.app.report.ProfileTable.ProfileTree.Profiled;
import org.encore.app.runs.Machine;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.app.terminal.TerminalProgress;
import org.encore.base.random.RandomStreams;
import org.encore.evaluation.likelihood.CodeModel;
import org.encore.evaluation.likelihood.CodeModel.Protocol;
import org.encore.evaluation.likelihood.CodeModel.TransformerCodes;
import org.encore.evaluation.perturbation.Perturbation;
import org.encore.evaluation.perturbation.Perturbation.Perturbations;
import org.encore.evaluation.profile.PieceSelection;
import org.encore.evaluation.profile.ProfilePlan;
import org.encore.evaluation.profile.ProfilePlan.ProfileSettings;
import org.encore.model.parallel.Shards;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.model.pretrained.PretrainedModel;
import org.encore.music.codec.AudioCodec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Profiles checkpoints: the effect of damage on their loss. */
@Command(
        name = "profile",
        description = "Profiles checkpoints: the loss per code of pieces with a damaged span.",
        subcommands = ProfileStudyCommand.class)
public final class ProfileCommand implements Callable<Integer> {
    static final int SHARDS = 2;
    static final int MICRO_BATCH = 8;

    /** At least one, but picocli would ask for them before the name of a subcommand, too. */
    @Parameters(
            paramLabel = "CHECKPOINT",
            arity = "0..*",
            showDefaultValue = Help.Visibility.NEVER,
            description = "Models to profile, at least one.")
    private List<Path> checkpoints = new ArrayList<>();

    @Spec
    private CommandSpec command;

    @Mixin
    private ProfileOptions options;

    @Option(
            names = "--perturbation",
            paramLabel = "NAME",
            defaultValue = "other-piece",
            description =
                    "other-piece, which keeps the grammar of typed events; uniform, unigram, adjacent-blocks, random-blocks; of the sound, if the codec"
                            + " encodes sound: white, pink, brown, blue, waveform-adjacent-blocks, waveform-random-blocks.")
    private String perturbation;

    @Option(
            names = "--level",
            paramLabel = "DB",
            defaultValue = "-20",
            description = "Root mean square of noise in the sound, in dB.")
    private double level;

    @Option(
            names = "--protocol",
            paramLabel = "NAME",
            defaultValue = "correct",
            description =
                    "How codes are given to the model: correct, as the model was trained; unconditioned, with its caption"
                            + " hidden; published, without delay pattern, start token and caption.")
    private Protocol protocol;

    @Option(names = "--out", paramLabel = "DIR", description = "Where files go: JSON, CSV, pictures and a page.")
    private Path out;

    @Mixin
    private Results results;

    @Override
    public Integer call() throws IOException {
        if (checkpoints.isEmpty()) {
            throw new ParameterException(command.commandLine(), "Missing required parameter: 'CHECKPOINT'");
        }
        long start = System.nanoTime();
        ProfileSettings settings = options.settings();
        List<CheckpointInfo> models = new ArrayList<>();
        for (Path checkpoint : checkpoints) {
            models.add(CheckpointInfo.of(Machine.locate(checkpoint)));
        }
        PieceSelection selection;
        ProfilePlan plan;
        try (Shards shards = Machine.shards(SHARDS);
                AudioCodec codec = models.get(0).openCodec(shards)) {
            Perturbation chosen = Perturbations.named(perturbation, level);
            chosen.requireUsable(codec);
            models.forEach(
                    model -> model.requireCodec(codec, models.get(0).directory().toString()));
            int mostFrames =
                    models.stream().mapToInt(CheckpointInfo::maxFrames).min().orElseThrow();
            selection = PieceSelection.of(options.source(models.get(0), codec, mostFrames), settings, chosen);
            plan = new ProfilePlan(settings, chosen, selection.pieces(), codec, new RandomStreams(options.seed()));
        }
        List<Profiled> profiled = measure(plan, models);
        double seconds = (System.nanoTime() - start) / 1e9;
        Map<String, Object> facts = facts(selection, settings, profiled, seconds);
        String text = ProfileTable.text(profiled);
        if (out != null) {
            text += System.lineSeparator() + "look: " + ProfileFiles.write(out, facts, profiled);
        }
        results.print(facts, text + String.format(Locale.ROOT, "%n%.1f s", seconds));
        return ExitStatus.OK;
    }

    private List<Profiled> measure(ProfilePlan plan, List<CheckpointInfo> models) throws IOException {
        List<Profiled> profiled = new ArrayList<>();
        try (TerminalProgress progress = new TerminalProgress()) {
            for (CheckpointInfo checkpoint : models) {
                String label = checkpoints.get(profiled.size()).toString();
                try (Shards shards = Machine.shards(SHARDS);
                        PretrainedModel model = PretrainedModel.open(checkpoint, shards)) {
                    CodeModel codes = new TransformerCodes(model, model.workspaces(MICRO_BATCH), protocol);
                    profiled.add(new Profiled(label, plan.measure(codes)));
                }
                progress.step("profiling", profiled.size(), checkpoints.size(), label);
            }
        }
        return profiled;
    }

    private Map<String, Object> facts(
            PieceSelection selection, ProfileSettings settings, List<Profiled> profiled, double seconds) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("perturbation", perturbation);
        facts.put("protocol", protocol.name().toLowerCase(Locale.ROOT));
        facts.put("pieces_from", options.pieces());
        facts.put("split", options.split().name().toLowerCase(Locale.ROOT));
        facts.put("pieces", selection.pieces().size());
        facts.put("pieces_looked_at", selection.looked());
        facts.put("onset", settings.onset());
        facts.put("recovery_at_least", settings.recovery());
        facts.put("seed", options.seed());
        facts.put("wall_s", seconds);
        facts.put("checkpoints", profiled.stream().map(ProfileTree::of).toList());
        return facts;
    }
}
