package org.encore.trainer.finetuning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.encore.evaluation.forensics.SampleLine;
import org.encore.evaluation.likelihood.Divergence;
import org.encore.evaluation.policy.HeldOutEvaluation;
import org.encore.evaluation.policy.HeldOutEvaluation.PolicyEvaluation;
import org.encore.evaluation.policy.SampleFiles;
import org.encore.evaluation.profile.PieceSelection;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.learning.DivergedException;
import org.encore.model.learning.LearnerFiles.Origin;
import org.encore.model.parallel.Shards;
import org.encore.music.Piece;
import org.encore.music.codec.AudioCodec;
import org.encore.music.corpus.Corpus;
import org.encore.music.corpus.Split;
import org.encore.rewards.RewardFailure;
import org.encore.rewards.mixture.Mixture;
import org.encore.rewards.specs.MixtureSpec;
import org.encore.run.MetricsLog;
import org.encore.run.Training;
import org.encore.run.TrainingLoop;
import org.encore.run.TrainingLoop.Recorder;
import org.encore.run.TrainingLoop.RunContext;
import org.encore.statistics.Bootstrap;
import org.encore.statistics.Interval;
import org.encore.trainer.finetuning.Iteration.Environment;
import org.encore.trainer.finetuning.Networks.Role;
import org.encore.trainer.finetuning.Rollouts.SampleLog;
import org.encore.trainer.finetuning.Workers.Cut;
import org.encore.trainer.finetuning.Workers.Evaluated;
import org.encore.trainer.pretraining.CodeSource;
import org.encore.trainer.pretraining.CorpusSource;

/**
 * Fine-tunes a checkpoint by reinforcement learning.
 *
 * @paper Cideron et al. 2024, MusicRL, section 3, <a href="https://arxiv.org/abs/2402.04229">arXiv 2402.04229</a>
 */
public final class FineTuning implements Training, AutoCloseable {
    private static final int RESAMPLES = 2000;
    private static final String SCORES = "objective/scores";

    private final FineTuneSettings settings;
    private final Origin base;
    private final RunContext run;
    private final Networks networks;
    private final Workers workers;
    private final Iteration iteration;
    private final Corpus corpus;

    /** The corpus as codes; empty if it has prompts alone. */
    private final Optional<CodeSource> items;

    private final HeldOutEvaluation evaluation;
    private final Evaluated policy;
    private final AudioCodec codec;

    /** Null if no profiles are configured. */
    private final ProfileWatch profiles;
    /** Null if the run is not evaluated while it trains. */
    private final HeldOutPoints points;

    private FineTuneState state;

    /** Of the last iteration. */
    private Iteration.Outcome outcome;

    /** Null before the first iteration of this process. */
    private SampleLog sampleLog;

    /** There was nothing to learn from in too many iterations; thrown before any state has changed. */
    public static final class NothingToLearnException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NothingToLearnException(String message) {
            super(message);
        }
    }

    /**
     * The result of a run.
     *
     * @param iterations finished iterations, counted from the start of the run
     * @param prompts held-out prompts of both evaluations
     * @param unseen how many of them name a combination of attributes that no training item has
     * @param leaked how many of them were also prompts of the training
     * @param before metrics of the initial model
     * @param after metrics of the trained policy
     * @param difference after minus before, paired by prompt, with intervals over prompts
     * @param klPerCode KL from the reference on the policy's own samples, in nats per code
     * @param klPerSequence the same in nats per sequence
     * @param checkpoint the last checkpoint
     * @param chosen the step chosen by {@code selection}; empty if the run was not evaluated while it trained
     */
    public record Result(
            long iterations,
            int prompts,
            int unseen,
            int leaked,
            Map<String, Double> before,
            Map<String, Double> after,
            Map<String, Interval> difference,
            double klPerCode,
            double klPerSequence,
            Path checkpoint,
            Optional<Chosen> chosen) {}

    /**
     * The step chosen by the evaluations while the run trained.
     *
     * @param step 0 if none was within the limit of KL
     * @param reason in one sentence
     * @param checkpoint the model of that step; empty without one
     * @param evaluations number of evaluations of the run, that of the initial model included
     * @param seconds that they took in all
     */
    public record Chosen(long step, String reason, Optional<Path> checkpoint, int evaluations, double seconds) {}

    /**
     * Prepares a run.
     *
     * @param base directory of the initial model
     * @param codec of the corpus, or of the model if the corpus has prompts alone
     * @param shards shards of the run; closed by the caller
     */
    public FineTuning(FineTuneSettings settings, Path base, RunContext run, AudioCodec codec, Shards shards)
            throws IOException {
        this(settings, base, run, codec, shards, Optional.empty());
    }

    /**
     * Prepares a run whose shards may work in other processes, with the same bits.
     *
     * @param shards of this process; with a cluster, one is enough
     * @param cluster does the work of the shards; closed with this
     */
    public FineTuning(
            FineTuneSettings settings,
            Path base,
            RunContext run,
            AudioCodec codec,
            Shards shards,
            Optional<ShardCluster> cluster)
            throws IOException {
        this.settings = settings;
        this.run = run;
        this.networks = new Networks(settings, base, codec, shards, cluster.isPresent() ? Role.OWNER : Role.WHOLE);
        this.base = Origin.of(base);
        this.workers = cluster.isPresent()
                ? SplitWorkers.open(settings, this.base, networks, codec, cluster.get(), run.progress())
                : new LocalWorkers(settings, networks, codec);
        Mixture mixture = new MixtureSpec(settings.rewards(), settings.onRewardFailure()).mixture();
        Corpus whole = settings.corpus().open(codec, networks.evaluationFrames());
        this.corpus = whole.on(settings.evaluation().split());
        this.items = whole.hasPieces()
                ? Optional.of(settings.corpus().codes(whole, codec, networks.evaluationFrames(), run.progress()))
                : Optional.empty();
        Environment environment = new Environment(codec, corpus, mixture);
        this.iteration = new Iteration(settings, networks, workers, environment, run);
        this.codec = codec;
        this.points = settings.evaluation().every() == 0
                ? null
                : new HeldOutPoints(settings, networks, workers, environment, this.base, run);
        this.policy = new Evaluated(workers, mixture, heldOutPieces(), run.clock());
        this.evaluation = new HeldOutEvaluation(
                corpus, settings.evaluation().prompts(), policy.pieces().microBatches(), codec);
        this.profiles = watch();
        this.state = FineTuneState.initial(settings);
    }

    private Cut heldOutPieces() {
        int count = settings.evaluation().pieces();
        List<CodeSequence> pieces = items.isEmpty()
                ? List.of()
                : settings.evaluation().split() == Split.TEST
                        ? items.get().test(count)
                        : items.get().heldOut(count);
        return Cut.of(networks.batcher(), pieces, settings.compute().microBatch());
    }

    /** SHA-256 of the corpus and the checkpoint. */
    public Map<String, String> dataFingerprints() throws IOException {
        return Map.of(
                "corpus", corpus.fingerprint(),
                "checkpoint", base.sha256());
    }

    /**
     * Evaluates the initial model, trains to the last iteration, evaluates the policy.
     *
     * @throws DivergedException if gradients stay non-finite or the KL from the reference exceeds its limit
     */
    public Result run() throws IOException {
        PolicyEvaluation before = measureBefore();
        new TrainingLoop("training", this, run).run();
        return measureAfter(before);
    }

    @Override
    public String kind() {
        return FineTuneState.KIND;
    }

    @Override
    public long steps() {
        return settings.iterations();
    }

    @Override
    public int checkpointEvery() {
        return settings.evaluation().checkpointEvery();
    }

    @Override
    public void load(Path checkpoint, JsonNode saved) throws IOException {
        state = FineTuneState.load(networks, base, checkpoint, saved);
        if (points != null) {
            points.read(saved);
        }
    }

    @Override
    public void save(Path directory, ObjectNode saved) throws IOException {
        state.save(networks, base, directory, saved);
        if (points != null) {
            points.write(saved);
        }
    }

    @Override
    public Map<String, Double> begin(long step) throws IOException {
        sampleLog = SampleLog.open(run.directory(), step);
        if (profiles != null && step > 0) {
            MetricsLog.values(run.directory().metrics(), SCORES, step).forEach(profiles::score);
        }
        return points != null && step == 0 ? points.base() : Map.of();
    }

    /** Runs one iteration, and profiles and evaluates the policy if due. */
    @Override
    public Map<String, Double> step(long step) throws IOException {
        outcome = iteration.run(state);
        Rollouts.logFailures(outcome.takes().scores(), step);
        state = outcome.after();
        profile(step, outcome.metrics());
        if (points != null && points.isDue(step)) {
            outcome.metrics().putAll(points.point(step));
        }
        return outcome.metrics();
    }

    @Override
    public boolean isFinished() {
        return points != null && points.isExhausted();
    }

    @Override
    public void recorded(long step, Map<String, Double> metrics) throws IOException {
        sampleLog.write(step, outcome.takes());
        requireKlBelowLimit(metrics);
        if (step % settings.evaluation().samplesEvery() == 0 && step < steps()) {
            new SampleFiles(run.directory(), step, settings.evaluation().loudness())
                    .write(
                            outcome.takes().samples(),
                            outcome.takes().scores(),
                            settings.evaluation().samples());
        }
    }

    @Override
    public String summary(Map<String, Double> metrics) {
        if (!metrics.containsKey(SCORES)) {
            return "skipped: nothing to learn from";
        }
        return String.format(
                Locale.ROOT,
                "score %.3f, KL %.3f nats/code, %.0f codes/s",
                metrics.get(SCORES),
                metrics.get("kl/exact"),
                metrics.get("perf/codes_per_s"));
    }

    /** A failure in scoring changes no state, so the state before it can be saved. */
    @Override
    public boolean isIntactAfter(RuntimeException failure) {
        return failure instanceof RewardFailure || failure instanceof NothingToLearnException;
    }

    private ProfileWatch watch() {
        if (settings.evaluation().profile().every() == 0) {
            return null;
        }
        int mostFrames = networks.evaluationFrames();
        // Without pieces the selection says so; with pieces there is an encoder.
        Function<Piece, int[][]> encoder = items.flatMap(CodeSource::encoder).orElse(piece -> new int[0][]);
        PieceSelection.Source source =
                new PieceSelection.Source(corpus.on(Split.DEVELOPMENT), codec, encoder, mostFrames);
        return new ProfileWatch(settings.evaluation().profile(), source, settings.seed(), workers.referenceCodes());
    }

    private void profile(long step, Map<String, Double> metrics) {
        if (profiles == null) {
            return;
        }
        if (metrics.containsKey(SCORES)) {
            profiles.score(metrics.get(SCORES));
        }
        if (step % settings.evaluation().profile().every() == 0 || step == steps()) {
            long start = run.clock().millis();
            metrics.putAll(profiles.metrics(workers.policyCodes()));
            metrics.put("timing_s/profile", (run.clock().millis() - start) / 1000.0);
        }
    }

    private void requireKlBelowLimit(Map<String, Double> metrics) {
        double kl = metrics.getOrDefault("kl/exact", 0.0);
        if (!(kl <= settings.evaluation().maxKl())) {
            throw new DivergedException(String.format(
                    Locale.ROOT,
                    "the KL from the reference is %.3g nats per code, above evaluation.maxKl %.3g, with"
                            + " score %.3f and gradient norm %.3g; raise the KL coefficient or lower the"
                            + " learning rate",
                    kl,
                    settings.evaluation().maxKl(),
                    metrics.get(SCORES),
                    metrics.getOrDefault("grad_norm/policy", Double.NaN)));
        }
    }

    /** Evaluates the initial model; a resumed run reads the evaluation of its start. */
    private PolicyEvaluation measureBefore() throws IOException {
        Path file = run.directory().path().resolve("evaluation-before.json");
        if (Files.isRegularFile(file)) {
            return evaluation.remembered(
                    file,
                    settings.corpus() instanceof CorpusSource.Etudes
                            && settings.evaluation().split() == Split.DEVELOPMENT);
        }
        PolicyEvaluation measured = measure(0).measured();
        evaluation.remember(measured, file);
        return measured;
    }

    private HeldOutEvaluation.Outcome measure(long step) throws IOException {
        HeldOutEvaluation.Outcome outcome = evaluation.measure(policy, run.progress());
        Rollouts.logFailures(outcome.rewardScores(), step);
        new SampleFiles(run.directory(), step, settings.evaluation().loudness())
                .write(
                        outcome.samples(),
                        outcome.rewardScores(),
                        settings.evaluation().samples());
        return outcome;
    }

    private Result measureAfter(PolicyEvaluation before) throws IOException {
        HeldOutEvaluation.Outcome after = measure(state.step());
        Recorder.samples(run.directory(), state.step(), run.clock());
        Divergence divergence = HeldOutPoints.divergence(settings, networks, workers, after.sequences());
        List<String> sources = IntStream.range(0, evaluation.prompts())
                .mapToObj(corpus::heldOutSource)
                .toList();
        return new Result(
                state.step(),
                evaluation.prompts(),
                evaluation.unseen(),
                evaluation.leaked(SampleLine.read(run.directory().sampleMetrics()).stream()
                        .map(SampleLine::prompt)
                        .collect(Collectors.toSet())),
                before.metrics(),
                after.measured().metrics(),
                after.measured().minus(before, sources, new Bootstrap(RESAMPLES, settings.seed())),
                divergence.perCode(),
                divergence.perSequence(),
                run.directory().checkpoint(state.step()),
                points == null ? Optional.empty() : Optional.of(points.chosen(state.step())));
    }

    @Override
    public void close() throws IOException {
        workers.close();
        networks.close();
        if (sampleLog != null) {
            sampleLog.close();
        }
    }
}
