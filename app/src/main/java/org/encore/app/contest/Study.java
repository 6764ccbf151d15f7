package org.encore.app.contest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.encore.app.config.ConfigReader;
import org.encore.app.config.ResolvedConfig;
import org.encore.app.contest.Contest.Contestant;
import org.encore.app.contest.Contest.Measure;
import org.encore.app.contest.StudySettings.Recipe;
import org.encore.app.report.Html.Numerals;
import org.encore.app.runs.Machine;
import org.encore.app.runs.RunSession;
import org.encore.app.runs.TrainingRun;
import org.encore.app.terminal.TerminalProgress;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.FileLock;
import org.encore.base.files.InvalidFileException;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.preferences.Vote;
import org.encore.preferences.statistics.JudgementMatrix;
import org.encore.rewards.specs.MixtureSpec;
import org.encore.run.RunDirectory;
import org.encore.trainer.finetuning.FineTuneSettings;

/**
 * Trains every recipe on every seed, lets the models of a seed be judged, and pools the seeds.
 *
 * <p>A study that is started again goes on where it stopped, whatever stopped it: a training with {@code summary.json} and a
 * contest with {@code matrix.json}, which are written last and atomically, are not made again, and a training without resumes
 * from its last checkpoint.
 */
public final class Study {
    /** The results of the study. */
    public static final String RESULTS = "study.json";

    /** The page of the study. */
    public static final String PAGE = "study.html";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONFIG = "config.yaml";
    private static final String SUMMARY = "summary.json";

    private final StudySettings settings;
    private final Path out;
    private final Consumer<String> notes;
    private final long start = System.nanoTime();

    /** Samples trained on by this process, of which the rest is estimated. */
    private double samplesDone;

    /**
     * Prepares a study.
     *
     * @param out its directory, new or that of the same study before
     * @param notes receives a line for every part
     */
    public Study(StudySettings settings, Path out, Consumer<String> notes) {
        this.settings = settings;
        this.out = out;
        this.notes = notes;
        if (settings.seeds().stream().distinct().count() < settings.seeds().size()) {
            throw new IllegalArgumentException("seeds is " + settings.seeds() + ", but each may stand there once");
        }
    }

    /**
     * What a seed led to.
     *
     * @param seed seed of the trainings
     * @param matrix its judgements
     * @param metrics its metrics by model and name
     * @param votes its judgements one by one
     */
    record SeedResult(long seed, JudgementMatrix matrix, Map<String, Map<String, Measure>> metrics, List<Vote> votes) {}

    /**
     * The results.
     *
     * @param pooled the judgements of all seeds
     * @param page the page
     * @param text the tables for people
     */
    public record Outcome(JudgementMatrix pooled, Path page, String text) {}

    /** Runs the study, or the rest of it. */
    public Outcome run() throws IOException {
        Files.createDirectories(out);
        try (FileLock lock = FileLock.take(
                out.resolve(".lock"), out, "wait until that study has ended, or name another directory with --out")) {
            requireSameStudy();
            requireUsable();
            return run(lock);
        }
    }

    private Outcome run(FileLock lock) throws IOException {
        notes.accept(plan() + (lock == null ? "" : " in " + out));
        List<SeedResult> done = new ArrayList<>();
        for (long seed : settings.seeds()) {
            for (Recipe recipe : settings.recipes()) {
                if (recipe.trains()) {
                    train(recipe, seed);
                }
            }
            done.add(judge(seed));
            write(done);
        }
        JudgementMatrix pooled = write(done);
        return new Outcome(pooled, out.resolve(PAGE), text(done, pooled));
    }

    private String plan() {
        long trainings = settings.recipes().stream().filter(Recipe::trains).count();
        return String.format(
                Locale.ROOT,
                "study of %d recipes on %d seeds: %d trainings, %d judgements a pair",
                settings.recipes().size(),
                settings.seeds().size(),
                trainings * settings.seeds().size(),
                settings.judging().prompts()
                        * settings.judging().judges().perPair()
                        * settings.seeds().size());
    }

    /** A study goes on under the settings that it began with. */
    private void requireSameStudy() throws IOException {
        Path file = out.resolve(CONFIG);
        String now = ResolvedConfig.yaml(settings);
        if (Files.isRegularFile(file)) {
            if (!Files.readString(file).equals(now)) {
                throw new InvalidFileException(
                        file,
                        "is of another study than the one given: name another directory with --out, or delete this one");
            }
            return;
        }
        AtomicFiles.write(file, now.getBytes(StandardCharsets.UTF_8));
    }

    /** Everything is looked at before the first training, which takes long. */
    private void requireUsable() throws IOException {
        CheckpointInfo.of(Machine.locate(settings.base()));
        for (Recipe recipe : settings.recipes()) {
            FineTuneSettings training = read(recipe, settings.seeds().get(0), true);
            TrainingRun.requireUsable(training, Machine.locate(training.checkpoint()));
        }
    }

    /**
     * The configuration of a training.
     *
     * @param fromBase whether a recipe that starts from another one is read as if it started from the base, because that other
     *     one may not have ended
     */
    private FineTuneSettings read(Recipe recipe, long seed, boolean fromBase) {
        List<String> overrides = new ArrayList<>(settings.set());
        overrides.addAll(recipe.set());
        overrides.add("seed=" + seed);
        Path start = recipe.from()
                .filter(from -> !fromBase)
                .map(from -> model(from, seed))
                .orElse(settings.base());
        overrides.add("checkpoint=\"" + start.toString().replace("\\", "\\\\") + '"');
        return new ConfigReader().read(Machine.locate(recipe.config()), overrides, FineTuneSettings.class);
    }

    private Path folder(long seed) {
        return out.resolve("seed-" + seed);
    }

    private RunDirectory directory(String recipe, long seed) {
        return new RunDirectory(folder(seed).resolve(recipe));
    }

    /** The model of a finished training: the chosen step, or the last where none was chosen. */
    private Path model(String recipe, long seed) {
        RunDirectory run = directory(recipe, seed);
        try {
            return Files.isDirectory(run.chosen())
                    ? run.chosen()
                    : run.lastCheckpoint()
                            .orElseThrow(() -> new InvalidFileException(
                                    run.path(), "holds no checkpoint, though its training has ended; delete it"));
        } catch (IOException e) {
            throw new InvalidFileException(run.path(), "cannot be read", e);
        }
    }

    private void train(Recipe recipe, long seed) throws IOException {
        Path place = directory(recipe.name(), seed).path();
        if (Files.isRegularFile(place.resolve(SUMMARY))) {
            return;
        }
        FineTuneSettings training = read(recipe, seed, false);
        boolean resumes = Files.isRegularFile(place.resolve(CONFIG));
        notes.accept(String.format(
                Locale.ROOT,
                "%s, seed %d: %d iterations of %d samples%s%s",
                recipe.name(),
                seed,
                training.iterations(),
                training.rollout().samples(),
                resumes ? ", resumed" : "",
                timeLeft()));
        TrainingRun.run(
                new RunSession.Place(
                        resumes ? Optional.empty() : Optional.of(place),
                        resumes ? Optional.of(place) : Optional.empty(),
                        recipe.name(),
                        "./encore train " + Machine.quoted(recipe.config().toString()) + " --set seed=" + seed,
                        directory -> "the same study"),
                training,
                said -> {},
                true);
        samplesDone += samples(training);
        notes.accept(choice(recipe, seed));
    }

    private static double samples(FineTuneSettings training) {
        return (double) training.iterations() * training.rollout().samples();
    }

    /** By what a sample took so far in this process; nothing before the first training has ended. */
    private String timeLeft() {
        if (samplesDone == 0.0) {
            return "";
        }
        double left = 0.0;
        for (long seed : settings.seeds()) {
            for (Recipe recipe : settings.recipes()) {
                if (recipe.trains()
                        && !Files.isRegularFile(
                                directory(recipe.name(), seed).path().resolve(SUMMARY))) {
                    left += samples(read(recipe, seed, true));
                }
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9 * left / samplesDone;
        return "; about " + Numerals.duration(seconds) + " left";
    }

    private String choice(Recipe recipe, long seed) throws IOException {
        JsonNode summary = JSON.readTree(
                directory(recipe.name(), seed).path().resolve(SUMMARY).toFile());
        return String.format(
                Locale.ROOT,
                "%s, seed %d: ended after %s; %s",
                recipe.name(),
                seed,
                Numerals.duration(summary.path("wall_s").asDouble()),
                summary.path("chosen").path("reason").asText("its last step is its result"));
    }

    private SeedResult judge(long seed) throws IOException {
        Path folder = folder(seed).resolve(StudySettings.CONTEST);
        ContestSettings judging = settings.judging().seeded(seed);
        if (!Files.isRegularFile(folder.resolve(Contest.MATRIX))) {
            List<Contestant> contestants = new ArrayList<>();
            Path base = Machine.locate(settings.base());
            contestants.add(Contestant.of(StudySettings.BASE, base));
            for (Recipe recipe : settings.recipes()) {
                FineTuneSettings training = read(recipe, seed, true);
                contestants.add(
                        recipe.trains()
                                ? Contestant.of(recipe.name(), model(recipe.name(), seed))
                                : new Contestant(
                                        recipe.name(),
                                        base,
                                        recipe.bestOf(),
                                        Optional.of(new MixtureSpec(training.rewards(), training.onRewardFailure()))));
            }
            notes.accept("judging seed " + seed + ": " + contestants.size() + " models");
            try (TerminalProgress progress = new TerminalProgress()) {
                Contest.Outcome outcome = new Contest(judging, folder, progress).run(contestants);
                ContestPages.write(folder, judging, outcome);
            }
        }
        List<Vote> votes = Contest.readVotes(folder);
        return new SeedResult(seed, JudgementMatrix.of(votes, names()), Contest.readMetrics(folder), votes);
    }

    private List<String> names() {
        List<String> names = new ArrayList<>(List.of(StudySettings.BASE));
        settings.recipes().forEach(recipe -> names.add(recipe.name()));
        return names;
    }

    /** The judgements of several seeds, whose judges are different people of one name; votes on one prompt stay one cluster. */
    private JudgementMatrix pooled(List<SeedResult> done) {
        List<Vote> votes = new ArrayList<>();
        for (SeedResult each : done) {
            for (Vote vote : each.votes()) {
                String rater = each.seed() + "-" + vote.rater();
                votes.add(new Vote(vote.prompt(), vote.a(), vote.b(), vote.preferred(), rater, vote.time()));
            }
        }
        return JudgementMatrix.of(votes, names());
    }

    private JudgementMatrix write(List<SeedResult> done) throws IOException {
        JudgementMatrix pooled = pooled(done);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("base", settings.base().toString());
        facts.put("seeds", done.stream().map(SeedResult::seed).toList());
        facts.put("pooled", pooled.facts());
        Map<String, Object> bySeed = new LinkedHashMap<>();
        Map<String, Object> metrics = new LinkedHashMap<>();
        Map<String, Object> trainings = new LinkedHashMap<>();
        for (SeedResult each : done) {
            bySeed.put("" + each.seed(), each.matrix().facts());
            metrics.put("" + each.seed(), Contest.facts(each.metrics()));
            trainings.put("" + each.seed(), trainings(each.seed()));
        }
        facts.put("by_seed", bySeed);
        facts.put("metrics", metrics);
        facts.put("trainings", trainings);
        Contest.write(out.resolve(RESULTS), facts);
        StudyPages.write(out.resolve(PAGE), settings, done, pooled, this::runs);
        return pooled;
    }

    /** The runs of a seed by their names. */
    private Map<String, RunDirectory> runs(long seed) {
        Map<String, RunDirectory> runs = new LinkedHashMap<>();
        settings.recipes().stream()
                .filter(Recipe::trains)
                .forEach(recipe -> runs.put(recipe.name(), directory(recipe.name(), seed)));
        return runs;
    }

    private Map<String, Object> trainings(long seed) throws IOException {
        Map<String, Object> all = new LinkedHashMap<>();
        for (Map.Entry<String, RunDirectory> run : runs(seed).entrySet()) {
            JsonNode summary =
                    JSON.readTree(run.getValue().path().resolve(SUMMARY).toFile());
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("run", run.getValue().path().toString());
            facts.put("seconds", summary.path("wall_s").asDouble());
            facts.put("iterations", summary.path("iterations").asLong());
            facts.put("chosen_step", summary.path("chosen").path("step").asLong());
            facts.put("reason", summary.path("chosen").path("reason").asText(""));
            all.put(run.getKey(), facts);
        }
        return all;
    }

    private static String text(List<SeedResult> done, JudgementMatrix pooled) {
        StringBuilder text = new StringBuilder();
        for (SeedResult each : done) {
            text.append("seed ").append(each.seed()).append(System.lineSeparator());
            text.append(ContestPages.text(each.matrix())).append(System.lineSeparator());
        }
        if (done.size() > 1) {
            text.append("all seeds").append(System.lineSeparator());
            text.append(ContestPages.text(pooled)).append(System.lineSeparator());
        }
        return text.toString().stripTrailing();
    }
}
