package org.encore.trainer.finetuning;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.encore.base.files.AtomicFiles;
import org.encore.base.random.RandomStreams;
import org.encore.evaluation.likelihood.CodeModel;
import org.encore.evaluation.likelihood.CodeModel.Protocol;
import org.encore.evaluation.likelihood.Divergence;
import org.encore.evaluation.likelihood.TransformerCodes;
import org.encore.evaluation.policy.HeldOutEvaluation;
import org.encore.evaluation.policy.HeldOutEvaluation.PolicyEvaluation;
import org.encore.evaluation.policy.SampleFiles;
import org.encore.evaluation.profile.PieceSelection;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.learning.DivergedException;
import org.encore.model.parallel.Replicas;
import org.encore.model.parallel.Shards;
import org.encore.music.codec.SymbolicCodec;
import org.encore.music.corpus.Corpus;
import org.encore.music.corpus.Corpus.CaptionedPiece;
import org.encore.rewards.RewardFailure;
import org.encore.rewards.mixture.Mixture;
import org.encore.rewards.mixture.RewardScores;
import org.encore.rewards.specs.MixtureSpec;
import org.encore.run.MetricsLog;
import org.encore.run.RunContext;
import org.encore.run.RunRecorder;
import org.encore.statistics.Bootstrap;
import org.encore.statistics.Interval;
import org.encore.trainer.finetuning.Iteration.Environment;
import org.encore.trainer.finetuning.Iteration.NothingToLearnException;
import org.encore.trainer.finetuning.Rollouts.SampleLog;
import org.encore.trainer.profiling.ProfileWatch;

/**
 * Fine-tunes a checkpoint by reinforcement learning.
 *
 * @paper Cideron et al. 2024, MusicRL, section 3, <a href="https://arxiv.org/abs/2402.04229">arXiv 2402.04229</a>
 */
public final class FineTuning implements AutoCloseable {
    private static final Logger LOGGER = LogManager.getLogger(FineTuning.class);
    private static final int RESAMPLES = 2000;
    private static final String SCORES = "objective/scores";

    private final FineTuneSettings settings;
    private final Reference.Origin base;
    private final RunContext run;
    private final Networks networks;
    private final Iteration iteration;
    private final Mixture mixture;
    private final Corpus corpus;
    private final HeldOutEvaluation evaluation;
    private final SymbolicCodec codec;

    /** Null where no profiles are wanted. */
    private final ProfileWatch profiles;

    /**
     * What came of a run.
     *
     * @param iterations made, those before an interruption included
     * @param prompts held-out prompts that both measurements used
     * @param before figures of the starting point
     * @param after figures of the policy
     * @param difference how much higher those of single samples are, paired by prompt, with intervals over prompts
     * @param klPerCode divergence from the reference on the policy's own samples, in nats a code
     * @param klPerSequence the same in nats a sequence
     * @param checkpoint the last checkpoint
     */
    public record Result(
            long iterations,
            int prompts,
            Map<String, Double> before,
            Map<String, Double> after,
            Map<String, Interval> difference,
            double klPerCode,
            double klPerSequence,
            Path checkpoint) {}

    /**
     * Prepares a run.
     *
     * @param base the model to start from, a directory
     * @param shards where it is computed; closed by the caller
     */
    public FineTuning(FineTuneSettings settings, Path base, RunContext run, SymbolicCodec codec, Shards shards)
            throws IOException {
        this.settings = settings;
        this.run = run;
        this.networks = new Networks(settings, base, codec, shards);
        this.base = Reference.Origin.of(base);
        this.mixture = new MixtureSpec(settings.rewards(), settings.onRewardFailure()).mixture();
        this.corpus = settings.corpus().open(codec, networks.evaluationFrames());
        this.iteration = new Iteration(settings, networks, new Environment(codec, corpus, mixture), run);
        this.codec = codec;
        this.evaluation = evaluation();
        this.profiles = watch();
    }

    private HeldOutEvaluation evaluation() {
        List<CodeSequence> pieces = new ArrayList<>();
        for (CaptionedPiece piece : corpus.heldOut(settings.evaluation().pieces())) {
            pieces.add(
                    CodeSequence.of(codec.encode(piece.piece()), piece.prompt().text()));
        }
        return new HeldOutEvaluation(
                corpus.heldOutPrompts(settings.evaluation().prompts()),
                networks.batcher().cut(pieces, settings.compute().microBatch()),
                mixture,
                codec,
                new RandomStreams(settings.seed()));
    }

    /** What tells the data of this run from other data. */
    public Map<String, String> dataFingerprints() throws IOException {
        return Map.of(
                "corpus", corpus.fingerprint(),
                "checkpoint", base.sha256());
    }

    /**
     * Trains to the last iteration.
     *
     * @throws DivergedException if gradients stay infinite or the divergence passes its limit
     */
    public Result run() throws IOException {
        PolicyEvaluation before = measureBefore();
        FineTuneState state = run.resumeFrom().isPresent()
                ? FineTuneState.load(networks, base, run.resumeFrom().get())
                : FineTuneState.initial(settings);
        try (RunRecorder recorder = RunRecorder.open(run.directory(), state.step(), run.clock());
                SampleLog sampleLog = SampleLog.open(run.directory(), state.step())) {
            restoreScoreHistory(state.step());
            while (state.step() < settings.iterations()) {
                Iteration.Outcome outcome = iterate(state);
                state = outcome.after();
                profile(state.step(), outcome.metrics());
                recorder.write(state.step(), outcome.metrics());
                sampleLog.write(state.step(), outcome.samples(), outcome.rewardScores());
                run.progress().step(state.step(), settings.iterations(), postfix(outcome.metrics()));
                requireKlBelowLimit(state.step(), outcome.metrics());
                if (isDue(state.step(), settings.evaluation().samplesEvery())) {
                    writeSamples(state.step(), outcome);
                }
                if (isDue(state.step(), settings.evaluation().checkpointEvery())) {
                    state.save(networks, base, run.directory().checkpoint(state.step()));
                }
            }
        }
        return measureAfter(state, before);
    }

    private ProfileWatch watch() {
        if (settings.evaluation().profile().every() == 0) {
            return null;
        }
        int mostFrames = networks.evaluationFrames();
        PieceSelection.Source source = new PieceSelection.Source(corpus, codec, codec::encode, mostFrames);
        return new ProfileWatch(
                settings.evaluation().profile(), source, settings.seed(), codes(networks.referenceReplicas()));
    }

    /** Lets the watch hear again which scores the run had before a resumption. */
    private void restoreScoreHistory(long step) throws IOException {
        if (profiles != null) {
            MetricsLog.values(run.directory().metrics(), SCORES, step).forEach(profiles::score);
        }
    }

    private CodeModel codes(Replicas replicas) {
        return new TransformerCodes(replicas, networks.workspaces(), networks.tokenizer(), Protocol.CORRECT);
    }

    private void profile(long step, Map<String, Double> metrics) {
        if (profiles == null) {
            return;
        }
        profiles.score(metrics.get(SCORES));
        if (isDue(step, settings.evaluation().profile().every())) {
            long start = run.clock().millis();
            metrics.putAll(profiles.metrics(codes(networks.policy().replicas())));
            metrics.put("timing_s/profile", (run.clock().millis() - start) / 1000.0);
        }
    }

    private boolean isDue(long step, int every) {
        return step % every == 0 || step == settings.iterations();
    }

    private static String postfix(Map<String, Double> metrics) {
        return String.format(
                Locale.ROOT,
                "score %.3f, KL %.3f nats/code, %.0f codes/s",
                metrics.get(SCORES),
                metrics.get("kl/exact"),
                metrics.get("perf/codes_per_s"));
    }

    private Iteration.Outcome iterate(FineTuneState state) throws IOException {
        try {
            Iteration.Outcome outcome = iteration.run(state);
            logFailures(outcome.rewardScores(), state.step() + 1);
            return outcome;
        } catch (DivergedException e) {
            throw e.at(state.step() + 1, run.directory().lastCheckpoint());
        } catch (RewardFailure | NothingToLearnException e) {
            keep(state, e);
            throw e;
        }
    }

    /** Judging changes nothing: when it fails, all that was learned before is still there to be saved. */
    private void keep(FineTuneState state, RuntimeException failure) {
        try {
            Path checkpoint = run.directory().checkpoint(state.step());
            if (state.step() > 0 && !Files.exists(checkpoint)) {
                state.save(networks, base, checkpoint);
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** One line for each reward whose failures were skipped. */
    private static void logFailures(RewardScores rewardScores, long step) {
        Map<String, List<RewardFailure>> failures = new LinkedHashMap<>();
        rewardScores.failures().forEach(failure -> failures.computeIfAbsent(failure.id(), id -> new ArrayList<>())
                .add(failure));
        failures.values()
                .forEach(each -> LOGGER.warn(
                        "step {}: {}; skipped{}",
                        step,
                        each.get(0).getMessage(),
                        each.size() == 1 ? "" : ", and " + (each.size() - 1) + " more failures of it"));
    }

    private void requireKlBelowLimit(long step, Map<String, Double> metrics) throws IOException {
        double kl = metrics.get("kl/exact");
        if (!(kl <= settings.evaluation().maxKl())) {
            throw new DivergedException(String.format(
                            Locale.ROOT,
                            "the divergence from the reference is %.3g nats a code, above evaluation.maxKl %.3g, with"
                                    + " score %.3f and gradient norm %.3g; raise the KL coefficient or lower the"
                                    + " learning rate",
                            kl,
                            settings.evaluation().maxKl(),
                            metrics.get(SCORES),
                            metrics.getOrDefault("grad_norm/policy", Double.NaN)))
                    .at(step, run.directory().lastCheckpoint());
        }
    }

    private void writeSamples(long step, Iteration.Outcome outcome) throws IOException {
        if (step < settings.iterations()) {
            new SampleFiles(run.directory(), step)
                    .write(
                            outcome.samples(),
                            outcome.rewardScores(),
                            settings.evaluation().samples());
        }
    }

    /** Measures the base; a resumed run reads what was measured at its start. */
    private PolicyEvaluation measureBefore() throws IOException {
        Path file = run.directory().path().resolve("evaluation-before.json");
        ObjectMapper json = new ObjectMapper();
        if (Files.isRegularFile(file)) {
            return json.readValue(file.toFile(), PolicyEvaluation.class);
        }
        HeldOutEvaluation.Outcome outcome = measure(0);
        AtomicFiles.write(file, json.writerWithDefaultPrettyPrinter().writeValueAsBytes(outcome.measured()));
        return outcome.measured();
    }

    private HeldOutEvaluation.Outcome measure(long step) throws IOException {
        HeldOutEvaluation.Outcome outcome = evaluation.measure(
                networks.evaluationGenerator(), networks.policy().replicas(), networks.workspaces());
        logFailures(outcome.rewardScores(), step);
        new SampleFiles(run.directory(), step)
                .write(
                        outcome.samples(),
                        outcome.rewardScores(),
                        settings.evaluation().samples());
        return outcome;
    }

    private Result measureAfter(FineTuneState state, PolicyEvaluation before) throws IOException {
        HeldOutEvaluation.Outcome after = measure(state.step());
        List<CodeBatcher.MicroBatch> microBatches =
                networks.batcher().cut(after.sequences(), settings.compute().microBatch());
        Divergence divergence = Divergence.of(
                networks.policy().replicas(), networks.referenceReplicas(), networks.workspaces(), microBatches);
        return new Result(
                state.step(),
                evaluation.prompts(),
                before.metrics(),
                after.measured().metrics(),
                after.measured().minus(before, new Bootstrap(RESAMPLES, settings.seed())),
                divergence.perCode(),
                divergence.perSequence(),
                run.directory().checkpoint(state.step()));
    }

    @Override
    public void close() {
        networks.close();
    }
}
