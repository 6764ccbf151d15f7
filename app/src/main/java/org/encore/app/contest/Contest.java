package org.encore.app.contest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.encore.app.runs.Machine;
import org.encore.base.files.AtomicFiles;
import org.encore.base.random.RandomStreams;
import org.encore.evaluation.likelihood.Divergence;
import org.encore.evaluation.policy.HeldOutEvaluation;
import org.encore.evaluation.policy.HeldOutEvaluation.LocalPolicy;
import org.encore.evaluation.policy.HeldOutEvaluation.PolicyEvaluation;
import org.encore.evaluation.policy.SampleFiles;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.parallel.ParallelGenerator;
import org.encore.model.parallel.Shards;
import org.encore.model.parallel.Workspaces;
import org.encore.model.pretrained.PretrainedModel;
import org.encore.music.Piece;
import org.encore.music.analysis.Novelty;
import org.encore.music.audio.Loudness;
import org.encore.music.codec.AudioCodec;
import org.encore.music.corpus.Corpus;
import org.encore.music.midi.MidiFiles;
import org.encore.music.text.Prompt;
import org.encore.preferences.Vote;
import org.encore.preferences.comparisons.VoteFiles;
import org.encore.preferences.simulation.Judges;
import org.encore.preferences.statistics.JudgementMatrix;
import org.encore.rewards.Sample;
import org.encore.rewards.mixture.Mixture;
import org.encore.rewards.specs.MixtureSpec;
import org.encore.run.Progress;
import org.encore.run.RunDirectory;
import org.encore.statistics.Bootstrap;
import org.encore.statistics.Interval;

/**
 * A contest of models: all answer the same prompts, are measured by rewards and referee, and judged pair by pair.
 *
 * <p>Written to a directory: {@code matrix.json}, {@code metrics.json}, {@code votes.jsonl}, and {@code clips/NAME}, which a
 * listening test of people can take as they are.
 */
public final class Contest {
    /** The table of judgements. */
    public static final String MATRIX = "matrix.json";

    /** The metrics of every model. */
    public static final String METRICS = "metrics.json";

    /** The judgements. */
    public static final String VOTES = "votes.jsonl";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int RESAMPLES = 2000;
    private static final int BATCH = 32;
    private static final String KL = "kl";
    private static final String KL_PER_CODE = "kl_per_code";

    private final ContestSettings settings;
    private final Path out;
    private final Progress progress;

    /**
     * A model of a contest.
     *
     * @param name its name in tables and folders
     * @param checkpoint its directory
     * @param bestOf of how many completions of each prompt the best counts; 1 for the model as it is
     * @param chooser the rewards that tell the best; empty for those of the contest
     */
    public record Contestant(String name, Path checkpoint, int bestOf, Optional<MixtureSpec> chooser) {
        public Contestant {
            if (!name.matches("[\\w.+-]{1,60}")) {
                throw new IllegalArgumentException("a model is called \"" + name
                        + "\", but its name may hold letters, digits, dots, plus signs, hyphens and underscores alone: write"
                        + " NAME=CHECKPOINT");
            }
        }

        /** A model as it is. */
        public static Contestant of(String name, Path checkpoint) {
            return new Contestant(name, checkpoint, 1, Optional.empty());
        }
    }

    /**
     * One metric of a model.
     *
     * @param value the mean over prompts, or of all completions together
     * @param change difference to the first model, with an interval over prompts; without ends for metrics of all together
     */
    public record Measure(double value, Interval change) {}

    /**
     * The result of a contest.
     *
     * @param matrix the table of judgements; without pairs if there were no judges
     * @param metrics the metrics of every model by name
     * @param votes the judgements
     */
    public record Outcome(JudgementMatrix matrix, Map<String, Map<String, Measure>> metrics, List<Vote> votes) {}

    /** Prepares a contest that writes to a directory. */
    public Contest(ContestSettings settings, Path out, Progress progress) {
        this.settings = settings;
        this.out = out;
        this.progress = progress;
    }

    private record Answers(
            List<Prompt> prompts, List<Sample> samples, PolicyEvaluation measured, List<String> sources) {}

    /** Runs the contest; the first model is the base of KL, of changes and of the judges' scale. */
    public Outcome run(List<Contestant> contestants) throws IOException {
        List<String> names = contestants.stream().map(Contestant::name).toList();
        if (names.stream().distinct().count() < names.size()) {
            throw new IllegalArgumentException(
                    "two models are called the same, of " + names + ": write NAME=CHECKPOINT");
        }
        Map<String, Answers> answers = new LinkedHashMap<>();
        for (Contestant contestant : contestants) {
            answers.put(
                    contestant.name(), answers(contestant, contestants.get(0).checkpoint()));
        }
        List<Vote> votes = votes(answers);
        JudgementMatrix matrix = JudgementMatrix.of(votes, names);
        Map<String, Map<String, Measure>> metrics = metrics(answers);
        VoteFiles.write(
                out.resolve(VOTES), votes.stream().map(VoteFiles.Entry::of).toList());
        write(out.resolve(METRICS), facts(metrics));
        // Last, so that a directory with it is complete.
        write(out.resolve(MATRIX), matrix.facts());
        return new Outcome(matrix, metrics, votes);
    }

    /** Writes a table as JSON. */
    public static void write(Path file, Map<String, ?> facts) throws IOException {
        AtomicFiles.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(facts));
    }

    private Answers answers(Contestant contestant, Path base) throws IOException {
        Mixture mixture = mixture(new MixtureSpec(settings.rewards(), settings.onRewardFailure()));
        try (Shards shards = Machine.shards(settings.compute().shards());
                PretrainedModel model = PretrainedModel.open(contestant.checkpoint(), shards)) {
            AudioCodec codec = settings.corpus().codec().isPresent() ? model.symbolicCodec() : model.codec();
            int frames = Math.min(settings.maxFrames(), model.maxFrames());
            Corpus corpus = settings.corpus()
                    .located(Machine::locate)
                    .open(codec, frames)
                    .on(settings.split());
            HeldOutEvaluation evaluation = new HeldOutEvaluation(corpus, settings.prompts(), List.of(), codec);
            Workspaces workspaces =
                    model.workspaces(settings.compute().microBatch() * (settings.guidanceScale() == 1.0 ? 1 : 2));
            Progress named = (task, done, total, summary) -> progress.step(contestant.name(), done, total, summary);
            HeldOutEvaluation.Outcome outcome;
            try (ParallelGenerator generator = model.generator(
                    new SamplingSettings(settings.temperature(), 0, 1.0, settings.guidanceScale()), BATCH, frames)) {
                LocalPolicy policy = new LocalPolicy(
                        generator, model.replicas(), workspaces, mixture, codec, new RandomStreams(settings.seed()));
                outcome = contestant.bestOf() == 1
                        ? evaluation.measure(policy, named)
                        : evaluation.measureBestOf(
                                contestant.bestOf(),
                                contestant.chooser().isPresent()
                                        ? mixture(contestant.chooser().get())
                                        : mixture,
                                policy,
                                named);
            }
            write(contestant.name(), outcome);
            Map<String, Double> ofAll = new LinkedHashMap<>(outcome.measured().ofAll());
            ofAll.putAll(divergence(contestant, base, outcome, model, workspaces, shards));
            Map<String, double[]> bySample =
                    new LinkedHashMap<>(outcome.measured().bySample());
            addNovelty(corpus, outcome.samples(), bySample, ofAll);
            List<String> sources = IntStream.range(0, evaluation.prompts())
                    .mapToObj(corpus::heldOutSource)
                    .toList();
            return new Answers(
                    outcome.samples().stream().map(Sample::prompt).toList(),
                    outcome.samples(),
                    new PolicyEvaluation(bySample, ofAll),
                    sources);
        }
    }

    private static Mixture mixture(MixtureSpec spec) {
        return new MixtureSpec(
                        spec.rewards().stream()
                                .map(entry -> entry.located(Machine::locate))
                                .toList(),
                        spec.onFailure())
                .mixture();
    }

    /**
     * The exact KL of a model from the base on its own completions. Of best-of-N sampling, which has no probabilities, the known
     * bound: {@code log N - (N - 1) / N} nats a sequence, beyond what the model itself has.
     *
     * <p>The bound: Beirami et al. 2024, Theoretical guarantees on the best-of-n alignment policy, arXiv 2401.01879.
     */
    private Map<String, Double> divergence(
            Contestant contestant,
            Path base,
            HeldOutEvaluation.Outcome outcome,
            PretrainedModel model,
            Workspaces workspaces,
            Shards shards)
            throws IOException {
        Map<String, Double> kl = new LinkedHashMap<>();
        if (contestant.bestOf() > 1) {
            double n = contestant.bestOf();
            kl.put(KL, Math.log(n) - (n - 1.0) / n);
            return kl;
        }
        try (PretrainedModel reference = PretrainedModel.open(base, shards)) {
            if (reference.config().equals(model.config())) {
                Divergence found = Divergence.of(
                        model.replicas(),
                        reference.replicas(),
                        workspaces,
                        model.batcher()
                                .cut(outcome.sequences(), settings.compute().microBatch()));
                kl.put(KL, found.perSequence());
                kl.put(KL_PER_CODE, found.perCode());
            }
        }
        return kl;
    }

    private void addNovelty(
            Corpus corpus, List<Sample> samples, Map<String, double[]> bySample, Map<String, Double> ofAll) {
        List<Piece> pieces = pieces(samples);
        if (pieces.size() < samples.size()) {
            return;
        }
        ofAll.put("distinct_4", Novelty.distinct(pieces));
        if (settings.trainingPieces() > 0 && corpus.hasPieces()) {
            Novelty novelty = new Novelty(IntStream.range(0, settings.trainingPieces())
                    .mapToObj(i -> corpus.train(i).piece())
                    .toList());
            bySample.put(
                    "nearest_training_piece",
                    pieces.stream().mapToDouble(novelty::nearest).toArray());
        }
    }

    private static List<Piece> pieces(List<Sample> samples) {
        return samples.stream()
                .flatMap(sample -> sample.clip().piece().stream())
                .toList();
    }

    /** The folder of a model's clips: MIDI of all with their prompts, and sound of some. */
    static Path clips(Path out, String model) {
        return out.resolve("clips").resolve(model);
    }

    private void write(String model, HeldOutEvaluation.Outcome outcome) throws IOException {
        Path folder = clips(out, model);
        new SampleFiles(new RunDirectory(folder), 0, Loudness.STANDARD)
                .write(outcome.samples(), outcome.rewardScores(), settings.players());
        for (int i = 0; i < outcome.samples().size(); i++) {
            Sample sample = outcome.samples().get(i);
            if (sample.clip().piece().isPresent()) {
                Path midi = midi(model, i);
                Files.createDirectories(midi.getParent());
                // Not synced, because the seed makes them again.
                Files.write(midi, MidiFiles.toBytes(sample.clip().piece().get()));
                Files.writeString(
                        midi.resolveSibling(String.format(Locale.ROOT, "%03d.txt", i)),
                        sample.prompt().text(),
                        StandardCharsets.UTF_8);
            }
        }
    }

    private Path midi(String model, int prompt) {
        return clips(out, model).resolve("midi").resolve(String.format(Locale.ROOT, "%03d.mid", prompt));
    }

    private List<Vote> votes(Map<String, Answers> answers) {
        if (settings.judges().perPair() == 0 || answers.size() < 2) {
            return List.of();
        }
        Map<String, List<Piece>> clips = new LinkedHashMap<>();
        Map<String, List<Path>> files = new LinkedHashMap<>();
        answers.forEach((name, each) -> {
            List<Piece> pieces = pieces(each.samples);
            if (pieces.size() < each.samples.size()) {
                throw new IllegalArgumentException("the judges read notes, but " + name
                        + " writes sound; set judges.perPair to 0, and let people listen: ./encore preferences serve");
            }
            clips.put(name, pieces);
            files.put(
                    name,
                    IntStream.range(0, pieces.size())
                            .mapToObj(i -> midi(name, i))
                            .toList());
        });
        return new Judges(settings.judges())
                .votes(answers.values().iterator().next().prompts, clips, Optional.of(files));
    }

    private Map<String, Map<String, Measure>> metrics(Map<String, Answers> answers) {
        Answers base = answers.values().iterator().next();
        Bootstrap bootstrap = new Bootstrap(RESAMPLES, settings.seed());
        Map<String, Map<String, Measure>> all = new LinkedHashMap<>();
        answers.forEach((name, each) -> {
            Map<String, Interval> changes = each.measured.minus(base.measured, base.sources, bootstrap);
            Map<String, Double> before = base.measured.metrics();
            Map<String, Measure> own = new LinkedHashMap<>();
            each.measured.metrics().forEach((metric, value) -> {
                double change = value - before.getOrDefault(metric, Double.NaN);
                own.put(
                        metric,
                        new Measure(value, changes.getOrDefault(metric, new Interval(change, Double.NaN, Double.NaN))));
            });
            all.put(name, own);
        });
        return all;
    }

    /** The metrics as JSON. */
    static Map<String, Object> facts(Map<String, Map<String, Measure>> metrics) {
        Map<String, Object> facts = new LinkedHashMap<>();
        metrics.forEach((model, own) -> {
            Map<String, Object> each = new LinkedHashMap<>();
            own.forEach((metric, measure) -> {
                Map<String, Double> numbers = new LinkedHashMap<>();
                numbers.put("value", finite(measure.value));
                numbers.put("change", finite(measure.change.value()));
                numbers.put("low", finite(measure.change.low()));
                numbers.put("high", finite(measure.change.high()));
                each.put(metric, numbers);
            });
            facts.put(model, each);
        });
        return facts;
    }

    private static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    /** Reads the metrics of a finished contest. */
    static Map<String, Map<String, Measure>> readMetrics(Path directory) throws IOException {
        Map<String, Map<String, Measure>> metrics = new LinkedHashMap<>();
        JSON.readTree(directory.resolve(METRICS).toFile()).properties().forEach(model -> {
            Map<String, Measure> own = new LinkedHashMap<>();
            model.getValue()
                    .properties()
                    .forEach(metric -> own.put(
                            metric.getKey(),
                            new Measure(
                                    number(metric.getValue(), "value"),
                                    new Interval(
                                            number(metric.getValue(), "change"),
                                            number(metric.getValue(), "low"),
                                            number(metric.getValue(), "high")))));
            metrics.put(model.getKey(), own);
        });
        return Collections.unmodifiableMap(metrics);
    }

    private static double number(JsonNode node, String key) {
        return node.path(key).asDouble(Double.NaN);
    }

    /** Reads the judgements of a finished contest. */
    static List<Vote> readVotes(Path directory) throws IOException {
        List<Vote> votes = new ArrayList<>();
        for (VoteFiles.Entry entry : VoteFiles.read(directory.resolve(VOTES))) {
            votes.add(entry.vote());
        }
        return votes;
    }
}
