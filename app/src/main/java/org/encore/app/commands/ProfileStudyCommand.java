package org.encore.app.commands;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;
import org.encore.app.report.StudyTables;
import org.encore.app.report.StudyTables.DocumentSection;
import org.encore.app.report.StudyTables.StudyTree;
import org.encore.app.runs.Machine;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.app.terminal.TerminalProgress;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.InvalidFileException;
import org.encore.base.random.RandomStreams;
import org.encore.evaluation.likelihood.CodeModel;
import org.encore.evaluation.likelihood.CodeModel.Protocol;
import org.encore.evaluation.likelihood.CodeModel.TransformerCodes;
import org.encore.evaluation.perturbation.Perturbation;
import org.encore.evaluation.perturbation.Perturbation.BlockOrder;
import org.encore.evaluation.perturbation.Perturbation.OtherPiece;
import org.encore.evaluation.perturbation.Perturbation.ShuffledBlocks;
import org.encore.evaluation.perturbation.Perturbation.UniformCodes;
import org.encore.evaluation.perturbation.Perturbation.UnigramCodes;
import org.encore.evaluation.profile.PieceSelection;
import org.encore.evaluation.profile.Profile;
import org.encore.evaluation.profile.ProfilePlan;
import org.encore.evaluation.profile.ProfilePlan.ProfileSettings;
import org.encore.evaluation.study.Correlations;
import org.encore.evaluation.study.DamageDetection;
import org.encore.evaluation.study.StudyPlan;
import org.encore.evaluation.study.StudyPlan.StudiedCheckpoint;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.parallel.Shards;
import org.encore.model.parallel.Workspaces;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.model.pretrained.Codecs;
import org.encore.model.pretrained.PretrainedModel;
import org.encore.model.weights.ModelDirectory;
import org.encore.music.codec.SymbolicCodec;
import org.encore.music.corpus.EtudeCorpus;
import org.encore.rewards.RewardModel;
import org.encore.rewards.specs.RuleReward;
import org.encore.statistics.Bootstrap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Studies how well profiles predict the quality of checkpoints. */
@Command(
        name = "study",
        description = "Studies profiles: their correlation with the quality of checkpoints, and how well they"
                + " separate damaged pieces from clean ones.")
public final class ProfileStudyCommand implements Callable<Integer> {
    private static final DocumentSection MEASURED = new DocumentSection("measured");
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    @Parameters(
            paramLabel = "CHECKPOINT",
            arity = "1..*",
            description = "Models, or runs, which stand for all their checkpoints; at least 8 in all.")
    private List<Path> checkpoints;

    @Option(
            names = "--base",
            paramLabel = "DIR",
            defaultValue = "checkpoints/etudes-small",
            description = "The model whose profiles are shown, and which detects damage.")
    private Path base;

    @Option(
            names = "--prompts",
            paramLabel = "N",
            defaultValue = "64",
            description = "Held-out prompts for the referee, and as many for the rewards.")
    private int prompts;

    @Option(names = "--count", paramLabel = "N", defaultValue = "64", description = "Held-out pieces to damage.")
    private int count;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Same seed, same study.")
    private long seed;

    @Option(names = "--out", paramLabel = "DIR", description = "Where study.json and study.md go.")
    private Path out;

    @Option(
            names = "--into",
            paramLabel = "FILE",
            description = "A Markdown file whose measured section the tables replace.")
    private Path into;

    @Mixin
    private Results results;

    /** The études'. */
    private final SymbolicCodec codec = Codecs.symbolic(Codecs.NOTES);

    @Override
    public Integer call() throws IOException {
        long start = System.nanoTime();
        List<Path> paths = CheckpointPaths.of(checkpoints);
        Correlations.choosing(paths.stream().map(CheckpointPaths::label).toList());
        if (into != null) {
            MEASURED.require(into);
        }
        CheckpointInfo reference = checkpoint(base);
        List<CheckpointInfo> models = new ArrayList<>();
        for (Path path : paths) {
            models.add(checkpoint(path));
        }
        StudyTables.Findings findings = study(paths, models, reference);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("seed", seed);
        facts.put("prompts", prompts);
        facts.put("pieces", count);
        facts.putAll(StudyTree.of(findings));
        double seconds = (System.nanoTime() - start) / 1e9;
        facts.put("wall_s", seconds);
        String tables = String.format(
                        Locale.ROOT,
                        "Printed by `./encore profile study` with %d checkpoints, `--base %s --prompts %d --count %d"
                                + " --seed %d`.%n%n",
                        paths.size(),
                        base,
                        prompts,
                        count,
                        seed)
                + StudyTables.of(findings);
        if (out != null) {
            AtomicFiles.write(out.resolve("study.json"), JSON.writeValueAsBytes(facts));
            AtomicFiles.write(out.resolve("study.md"), tables.getBytes(StandardCharsets.UTF_8));
        }
        if (into != null) {
            MEASURED.replace(into, tables);
        }
        results.print(facts, tables + String.format(Locale.ROOT, "%.0f s", seconds));
        return ExitStatus.OK;
    }

    private CheckpointInfo checkpoint(Path path) throws IOException {
        CheckpointInfo checkpoint = CheckpointInfo.of(Machine.locate(path));
        checkpoint.requireCodec(codec, "the corpus");
        return checkpoint;
    }

    private StudyTables.Findings study(List<Path> paths, List<CheckpointInfo> models, CheckpointInfo reference)
            throws IOException {
        int mostFrames = Stream.concat(Stream.of(reference), models.stream())
                .mapToInt(CheckpointInfo::maxFrames)
                .min()
                .orElseThrow();
        EtudeCorpus corpus = new EtudeCorpus(seed);
        Bootstrap bootstrap = new Bootstrap(ProfileOptions.RESAMPLES, seed);
        PieceSelection.Source source = new PieceSelection.Source(corpus, codec, codec::encode, mostFrames);
        ProfileSettings usual = ProfileSettings.defaults();
        ProfileSettings whole = new ProfileSettings(usual.onset(), usual.lengths(), usual.recovery(), count, bootstrap);
        ProfileSettings brief =
                new ProfileSettings(usual.onset(), ProfileSettings.codes(10, 50), usual.recovery(), count, bootstrap);
        Perturbation shuffle = new ShuffledBlocks(BlockOrder.ADJACENT);
        List<CodeSequence> pieces = PieceSelection.of(source, brief, shuffle).pieces();
        List<ProfilePlan> plans = new ArrayList<>();
        for (Perturbation each : List.of(new UniformCodes(), new UnigramCodes(), new OtherPiece(), shuffle)) {
            plans.add(new ProfilePlan(brief, each, pieces, codec, new RandomStreams(seed)));
        }
        StudyPlan plan = new StudyPlan(corpus, prompts, rewards(), plans);
        try (TerminalProgress progress = new TerminalProgress()) {
            int total = paths.size() + 1;
            List<StudiedCheckpoint> measured = new ArrayList<>();
            for (CheckpointInfo checkpoint : models) {
                String label = CheckpointPaths.label(paths.get(measured.size()));
                try (Shards shards = Machine.shards(ProfileCommand.SHARDS);
                        PretrainedModel model = PretrainedModel.open(checkpoint, shards)) {
                    measured.add(plan.measure(label, model, model.workspaces(ProfileCommand.MICRO_BATCH)));
                }
                progress.step("study", measured.size(), total, label);
            }
            Correlations correlations = new Correlations(measured, plan.composed(), bootstrap);
            try (Shards shards = Machine.shards(ProfileCommand.SHARDS);
                    PretrainedModel model = PretrainedModel.open(reference, shards)) {
                Workspaces workspaces = model.workspaces(ProfileCommand.MICRO_BATCH);
                Function<Protocol, CodeModel> codes = protocol -> new TransformerCodes(model, workspaces, protocol);
                Map<String, Profile> profiles = profiles(codes, whole, source);
                List<DamageDetection.Row> detection = detection(codes, plans, pieces, bootstrap);
                progress.step("study", total, total, base.toString());
                return new StudyTables.Findings(base.toString(), profiles, measured, correlations, detection);
            }
        }
    }

    private static List<RewardModel> rewards() {
        return List.of(
                RuleReward.RuleAdherence.defaults().reward("rule-adherence"),
                RuleReward.Consonance.defaults().reward("consonance"),
                RuleReward.NoteDensity.defaults().reward("note-density"));
    }

    /** Profiles of the base for each protocol and perturbation of the main table. */
    private Map<String, Profile> profiles(
            Function<Protocol, CodeModel> model, ProfileSettings settings, PieceSelection.Source source) {
        Map<String, Profile> profiles = new LinkedHashMap<>();
        List<Perturbation> noises = List.of(new UniformCodes(), new UnigramCodes(), new OtherPiece());
        List<CodeSequence> pieces =
                PieceSelection.of(source, settings, noises.get(0)).pieces();
        for (Protocol protocol : Protocol.values()) {
            for (Perturbation noise : noises) {
                ProfilePlan plan = new ProfilePlan(settings, noise, pieces, codec, new RandomStreams(seed));
                profiles.put(
                        protocol.name().toLowerCase(Locale.ROOT) + ", " + noise.name(),
                        plan.measure(model.apply(protocol)));
            }
        }
        return profiles;
    }

    private List<DamageDetection.Row> detection(
            Function<Protocol, CodeModel> model,
            List<ProfilePlan> plans,
            List<CodeSequence> pieces,
            Bootstrap bootstrap) {
        ProfileSettings settings = plans.get(0).settings();
        int longest =
                (int) settings.lengths().get(settings.lengths().size() - 1).amount();
        int probe = settings.onset() + longest + settings.recovery() / 2;
        return new DamageDetection(model.apply(Protocol.CORRECT), pieces, probe, codec.cardinality(), bootstrap)
                .rows(plans);
    }

    /** Checkpoints from paths: a model, or a run with all its checkpoints in order. */
    static final class CheckpointPaths {
        private static final String CHECKPOINTS = "checkpoints";
        private static final String STEP = "step-";

        private CheckpointPaths() {}

        /**
         * Finds the checkpoints.
         *
         * @throws InvalidFileException if a path is neither a model nor a run that has checkpoints
         */
        static List<Path> of(List<Path> given) throws IOException {
            List<Path> found = new ArrayList<>();
            for (Path path : given) {
                Path place = Machine.locate(path);
                if (Files.isRegularFile(place.resolve(ModelDirectory.WEIGHTS))) {
                    found.add(path);
                } else {
                    List<Path> steps = steps(place.resolve(CHECKPOINTS));
                    if (steps.isEmpty()) {
                        throw new InvalidFileException(
                                path,
                                "is neither a model (" + ModelDirectory.WEIGHTS + ") nor a run with " + CHECKPOINTS
                                        + "/" + STEP + "N; name either");
                    }
                    found.addAll(steps);
                }
            }
            return found;
        }

        /** A short name: the run and the step, or the directory of the model. */
        static String label(Path path) {
            Path full = path.toAbsolutePath().normalize();
            String name = String.valueOf(full.getFileName());
            Path parent = full.getParent();
            boolean ofRun = name.startsWith(STEP) && parent != null && parent.getParent() != null;
            return ofRun ? parent.getParent().getFileName() + "/" + name : name;
        }

        private static List<Path> steps(Path directory) throws IOException {
            if (!Files.isDirectory(directory)) {
                return List.of();
            }
            try (Stream<Path> entries = Files.list(directory)) {
                return entries.filter(each -> each.getFileName().toString().matches(STEP + "\\d{1,9}"))
                        .sorted(Comparator.comparingInt(each ->
                                Integer.parseInt(each.getFileName().toString().substring(STEP.length()))))
                        .toList();
            }
        }
    }
}
