package org.encore.trainer.finetuning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.base.random.Shuffle;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.learning.Learner;
import org.encore.music.codec.AudioCodec;
import org.encore.music.corpus.Corpus;
import org.encore.rewards.Sample;
import org.encore.rewards.Score;
import org.encore.rewards.mixture.Mixture;
import org.encore.rewards.mixture.RewardScores;
import org.encore.run.TrainingLoop.RunContext;
import org.encore.trainer.advantages.AdvantageEstimator.AdvantageInputs;
import org.encore.trainer.advantages.AdvantageEstimator.Advantages;
import org.encore.trainer.advantages.ValidSteps;
import org.encore.trainer.advantages.ValidSteps.StepRewards;
import org.encore.trainer.finetuning.FineTuning.NothingToLearnException;
import org.encore.trainer.finetuning.PolicyImprover.PolicyReport;
import org.encore.trainer.objective.ValueObjective.ValueLoss;

/** One iteration: prompts, rollouts, reward scores, advantages, updates. */
final class Iteration {
    private static final Logger LOGGER = LogManager.getLogger(Iteration.class);

    private final FineTuneSettings settings;
    private final Networks networks;
    private final PolicyImprover improver;
    private final Mixture mixture;
    private final AudioCodec codec;
    private final RandomStreams streams;
    private final Collector collector;
    private final RunContext run;

    /**
     * The result of an iteration.
     *
     * @param samples the generated samples
     * @param rewardScores their reward scores
     * @param metrics by metric name
     * @param after the state for the next iteration
     */
    record Outcome(List<Sample> samples, RewardScores rewardScores, Map<String, Double> metrics, FineTuneState after) {}

    /** Creates the iterations of a run. */
    Iteration(FineTuneSettings settings, Networks networks, Environment environment, RunContext run) {
        this.settings = settings;
        this.networks = networks;
        this.improver = new PolicyImprover(networks.policy(), networks.reference(), settings);
        this.mixture = environment.mixture();
        this.codec = environment.codec();
        if (settings.rollout().missingEndPenalty() > 0.0 && codec.endCode().isEmpty()) {
            throw new IllegalArgumentException("rollout.missingEndPenalty is "
                    + settings.rollout().missingEndPenalty() + ", but the codec " + codec.name()
                    + " has no end code, so every completion is as long as the longest; make it 0");
        }
        this.streams = new RandomStreams(settings.seed());
        this.collector = new Collector(settings, networks, environment);
        this.run = run;
    }

    /** Runs the iteration that follows a state. */
    Outcome run(FineTuneState state) {
        long step = state.step() + 1;
        Timings timings = new Timings(run.clock());
        warmUp(state, timings);
        int prompts = settings.rollout().promptsPerIteration();
        Rollouts rollouts = timings.time(
                "generate",
                () -> collector.generate(
                        step,
                        collector.prompts((step - 1) * prompts, prompts),
                        settings.rollout().samplesPerPrompt()));
        List<Sample> samples = rollouts.samples(codec);
        RewardScores rewardScores =
                timings.time("reward", () -> mixture.withState(state.rewards()).rewardScores(samples));
        int[] members = Collector.scoredSamples(
                rewardScores,
                rollouts.groups(),
                settings.advantages().estimator().fewestSamplesPerPrompt());
        if (members.length == 0) {
            return skipped(state, rollouts, samples, rewardScores, timings);
        }
        Rollouts scored = rollouts.only(members);
        double[] scores = collector.scores(rollouts, members, rewardScores);
        List<CodeBatcher.MicroBatch> microBatches =
                networks.batcher().cut(scored.sequences(), settings.compute().microBatchFor(scored.count()));
        Assessment assessment = timings.time("advantages", () -> assess(state, scored, microBatches, scores));

        Map<String, Double> metrics = new LinkedHashMap<>();
        Improvement improvement = improve(state, scored, assessment, timings, metrics);
        PolicyReport report = improvement.firstEpoch();
        metrics.putAll(rewardScores.named());
        metrics.putAll(scoreMetrics(scores, state.klCoefficient(), report));
        metrics.put("kl/coef", state.klCoefficient());
        if (assessment.values() != null) {
            metrics.putAll(assessment.explained());
        }
        scored.zeroSpread(scores).ifPresent(share -> metrics.put("objective/zero_spread", share));
        if (codec.endCode().isPresent()) {
            long cut = IntStream.range(0, rollouts.count())
                    .filter(b -> rollouts.isCut(b, codec.endCode()))
                    .count();
            metrics.put("rollout/clipped_ratio", (double) cut / rollouts.count());
        }
        metrics.put("rollout/steps_mean", (double) scored.steps().total() / scored.count());
        long episodes = state.episodes() + rollouts.count();
        metrics.put("episode", (double) episodes);
        metrics.put("iterations_skipped", (double) state.skipped());
        metrics.putAll(timings.named());
        metrics.put("perf/generate_codes_per_s", rollouts.codeCount() / timings.of("generate"));
        metrics.put("perf/codes_per_s", rollouts.codeCount() / metrics.get("timing_s/step"));
        // A policy that does not learn cannot follow the coefficient, which would run away from it.
        double coefficient = improvement.updates() == 0
                ? state.klCoefficient()
                : settings.kl().controller().next(state.klCoefficient(), report.klPerSequence(), scored.count());
        return new Outcome(
                samples,
                rewardScores,
                metrics,
                new FineTuneState(step, coefficient, rewardScores.after(), episodes, state.skipped(), 0));
    }

    /** A reader begins with what the initial policy's samples teach. */
    private void warmUp(FineTuneState state, Timings timings) {
        if (state.step() == 0
                && networks.critic().orElse(null) instanceof ReaderCritic reader
                && reader.wantsWarmUp()) {
            timings.time("value_warmup", () -> {
                reader.warmUp(collector, settings.rollout().samplesPerPrompt(), done -> run.progress()
                        .step("value warm-up", done, reader.warmupSamples(), ""));
                return null;
            });
        }
    }

    /**
     * The outcome of an iteration without a sample to learn from: nothing but counters changes.
     *
     * @throws NothingToLearnException if it is one too many of its kind in a row
     */
    private Outcome skipped(
            FineTuneState state, Rollouts rollouts, List<Sample> samples, RewardScores rewardScores, Timings timings) {
        int fewest = settings.advantages().estimator().fewestSamplesPerPrompt();
        boolean silent = rewardScores.scores().stream().allMatch(Score::abstains);
        String cause = silent
                ? "the rewards abstained from every sample"
                : "no prompt has the " + fewest + " scored samples that the advantage estimator needs";
        int inRow = state.skippedInRow() + 1;
        if (inRow >= Math.min(settings.rollout().maxSkippedInRow(), settings.iterations())) {
            throw new NothingToLearnException((inRow == 1 ? "there is" : "for " + inRow + " iterations there was")
                    + " nothing to learn from: " + cause + "; add a reward that scores every clip, or raise rollout."
                    + (silent ? "promptsPerIteration" : "samplesPerPrompt"));
        }
        long step = state.step() + 1;
        LOGGER.warn("step {}: {}; the iteration is skipped", step, cause);
        Map<String, Double> metrics = new LinkedHashMap<>(rewardScores.named());
        long episodes = state.episodes() + rollouts.count();
        metrics.put("episode", (double) episodes);
        metrics.put("iterations_skipped", state.skipped() + 1.0);
        metrics.putAll(timings.named());
        return new Outcome(
                samples,
                rewardScores,
                metrics,
                new FineTuneState(
                        step, state.klCoefficient(), rewardScores.after(), episodes, state.skipped() + 1, inRow));
    }

    /**
     * Values and advantages of an iteration.
     *
     * @param values predicted return before each step; null without a value network
     * @param explained metrics of the values
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    private record Assessment(
            double[][] values, Advantages estimate, double[][] advantages, Map<String, Double> explained) {}

    private Assessment assess(
            FineTuneState state, Rollouts scored, List<CodeBatcher.MicroBatch> microBatches, double[] scores) {
        ValidSteps steps = scored.steps();
        double[][] rewards = StepRewards.atTheEnd(steps, scores);
        if (settings.kl().penalty().lossWeight(state.klCoefficient()) == 0.0) {
            double[][] reference = StepTables.gathered(
                    steps, microBatches, networks.reference().logProbs(microBatches));
            double[][] penalty =
                    settings.kl().penalty().rewards(state.klCoefficient(), steps, scored.logProbs(), reference);
            rewards = StepRewards.sum(steps, rewards, penalty);
        }
        AdvantageInputs episodes = AdvantageInputs.of(steps, rewards).withGroups(scored.groups());
        double[][] values = null;
        if (networks.critic().isPresent()) {
            Critic critic = networks.critic().get();
            if (state.step() == 0 || critic instanceof ReaderCritic) {
                critic.startAt(steps.sumPerSample(rewards));
            }
            values = critic.values(scored, microBatches, mixture.withState(state.rewards()));
            episodes = episodes.withValues(values);
        }
        Advantages estimate = settings.advantages().estimator().estimate(episodes);
        double[][] advantages = settings.advantages().scale().of(steps, estimate.advantages());
        Map<String, Double> explained =
                values == null ? Map.of() : ValueLoss.explainedVariances(steps, values, estimate.returns());
        return new Assessment(values, estimate, advantages, explained);
    }

    /**
     * What the updates of an iteration did.
     *
     * @param firstEpoch the report of the first epoch
     * @param updates how often the policy changed
     */
    private record Improvement(PolicyReport firstEpoch, int updates) {}

    /** Runs all epochs, of the policy until it is too far from the one that generated. */
    private Improvement improve(
            FineTuneState state, Rollouts scored, Assessment assessment, Timings timings, Map<String, Double> metrics) {
        List<PolicyReport> reports = new ArrayList<>();
        List<Critic.Fit> fits = new ArrayList<>();
        metrics.put("updates_skipped", 0.0);
        int inFirstEpoch = 0;
        networks.critic()
                .flatMap(critic -> timings.time(
                        "update_value", () -> critic.learn(assessment.estimate().returns())))
                .ifPresent(fits::add);
        PolicyUpdates updates = new PolicyUpdates();
        for (int epoch = 0; epoch < settings.policy().epochs(); epoch++) {
            for (int[] members : minibatches(state.step() + 1, epoch, scored.count())) {
                List<CodeBatcher.MicroBatch> microBatches = microBatches(scored, members);
                int steps = Arrays.stream(members)
                        .map(b -> scored.steps().length(b))
                        .sum();
                if (assessment.values() != null) {
                    timings.time("update_value", () -> networks.critic()
                                    .orElseThrow()
                                    .fit(
                                            microBatches,
                                            assessment.values(),
                                            assessment.estimate().returns(),
                                            steps))
                            .ifPresent(fits::add);
                }
                if (!updates.stopped) {
                    reports.add(timings.time(
                            "update_policy",
                            () -> improvePolicy(state, scored, assessment, microBatches, steps, updates, metrics)));
                    inFirstEpoch += epoch == 0 ? 1 : 0;
                }
            }
        }
        List<PolicyReport> firstEpoch = reports.subList(0, inFirstEpoch);
        metrics.put("policy/updates", (double) updates.done);
        metrics.putAll(PolicyReport.named(firstEpoch, reports));
        if (!fits.isEmpty()) {
            metrics.put(
                    "loss/value_avg",
                    fits.stream().mapToDouble(Critic.Fit::loss).average().orElseThrow());
            fits.forEach(fit -> note("value", fit.update(), metrics));
        }
        return new Improvement(PolicyReport.sum(firstEpoch), updates.done);
    }

    /** The updates of the policy in an iteration. */
    private static final class PolicyUpdates {
        /** As in Stable-Baselines3. */
        private static final double TOLERANCE = 1.5;

        private int done;
        private boolean stopped;
    }

    /** Records the gradient norm of the last update, and counts skipped updates. */
    private static void note(String network, Learner.Update update, Map<String, Double> metrics) {
        metrics.put("grad_norm/" + network, update.gradNorm());
        metrics.merge("updates_skipped", update.skipped() ? 1.0 : 0.0, Double::sum);
    }

    private PolicyReport improvePolicy(
            FineTuneState state,
            Rollouts scored,
            Assessment assessment,
            List<CodeBatcher.MicroBatch> microBatches,
            int steps,
            PolicyUpdates updates,
            Map<String, Double> metrics) {
        PolicyImprover.Evidence evidence =
                new PolicyImprover.Evidence(scored.logProbs(), assessment.advantages(), state.klCoefficient());
        PolicyReport report = improver.accumulate(microBatches, evidence, steps);
        if (state.step() < settings.value().warmupIterations()) {
            networks.policy().discard();
            return report;
        }
        double target = settings.policy().targetKl();
        if (target > 0.0 && report.metrics().approxKl() > PolicyUpdates.TOLERANCE * target) {
            networks.policy().discard();
            updates.stopped = true;
            return report;
        }
        Learner.Update update = networks.policy().update();
        updates.done += update.skipped() ? 0 : 1;
        note("policy", update, metrics);
        metrics.put("lr", update.learningRate());
        return report;
    }

    /** All samples, or a shuffled partition. */
    private List<int[]> minibatches(long step, int epoch, int count) {
        int pieces = Math.min(settings.policy().minibatches(), count);
        int[] order = StepTables.range(count);
        if (pieces > 1) {
            Shuffle.inPlace(order, streams.stream(Purpose.DATA_ORDER, step, epoch));
        }
        List<int[]> dealt = new ArrayList<>();
        for (int piece = 0; piece < pieces; piece++) {
            dealt.add(Arrays.copyOfRange(order, piece * count / pieces, (piece + 1) * count / pieces));
        }
        return dealt;
    }

    /** Micro-batches of some samples; members keep their indices in the iteration. */
    private List<CodeBatcher.MicroBatch> microBatches(Rollouts scored, int[] members) {
        List<CodeBatcher.MicroBatch> microBatches = new ArrayList<>();
        for (CodeBatcher.MicroBatch microBatch : networks.batcher()
                .cut(scored.only(members).sequences(), settings.compute().microBatchFor(members.length))) {
            int[] renumbered =
                    Arrays.stream(microBatch.members()).map(b -> members[b]).toArray();
            microBatches.add(new CodeBatcher.MicroBatch(microBatch.batch(), renumbered));
        }
        return microBatches;
    }

    /** {@code objective/rlhf_reward} is the mean score minus the coefficient times the KL per sequence. */
    private static Map<String, Double> scoreMetrics(double[] scores, double coefficient, PolicyReport report) {
        double mean = Arrays.stream(scores).average().orElseThrow();
        double variance = Arrays.stream(scores)
                .map(s -> (s - mean) * (s - mean))
                .average()
                .orElseThrow();
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("objective/scores", mean);
        metrics.put("objective/scores_std", Math.sqrt(variance));
        metrics.put("objective/rlhf_reward", mean - coefficient * report.klPerSequence());
        return metrics;
    }

    /**
     * The environment of the policy.
     *
     * @param codec decodes codes to clips
     * @param corpus source of prompts
     * @param mixture the rewards
     */
    record Environment(AudioCodec codec, Corpus corpus, Mixture mixture) {}
}
