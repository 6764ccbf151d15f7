package org.encore.trainer.finetuning;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.learning.Learner;
import org.encore.model.parallel.Completion;
import org.encore.music.codec.AudioCodec;
import org.encore.music.corpus.Corpus;
import org.encore.music.text.Prompt;
import org.encore.rewards.Sample;
import org.encore.rewards.mixture.Mixture;
import org.encore.rewards.mixture.RewardScores;
import org.encore.run.RunContext;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.trainer.advantages.AdvantageInputs;
import org.encore.trainer.advantages.Advantages;
import org.encore.trainer.finetuning.PolicyImprover.PolicyReport;
import org.encore.trainer.objective.ValueObjective.ValueLoss;
import org.encore.trainer.steps.StepRewards;
import org.encore.trainer.steps.ValidSteps;

/** One iteration: prompts, rollouts, scores, advantages, improvement. */
final class Iteration {
    private final FineTuneSettings settings;
    private final Networks networks;
    private final PolicyImprover improver;
    private final Mixture mixture;
    private final Corpus corpus;
    private final AudioCodec codec;
    private final RandomStreams streams;
    private final RunContext run;

    /**
     * What came of an iteration.
     *
     * @param samples what was played
     * @param judgement what the rewards said
     * @param figures by metric name
     * @param after the state for the next iteration
     */
    record Outcome(List<Sample> samples, RewardScores judgement, Map<String, Double> figures, FineTuneState after) {}

    /** What an iteration is made of. */
    Iteration(FineTuneSettings settings, Networks networks, Environment world, RunContext run) {
        this.settings = settings;
        this.networks = networks;
        this.improver = new PolicyImprover(networks.policy(), networks.reference(), settings);
        this.mixture = world.mixture();
        this.corpus = world.corpus();
        this.codec = world.codec();
        this.streams = new RandomStreams(settings.seed());
        this.run = run;
    }

    /** Runs the iteration after a state. */
    Outcome run(FineTuneState state) {
        long step = state.step() + 1;
        Timings timings = new Timings(run.clock());
        Rollouts rollouts = timings.time("generate", () -> play(step, prompts(step)));
        List<Sample> samples = rollouts.samples(codec);
        RewardScores judgement =
                timings.time("reward", () -> mixture.withState(state.rewards()).judge(samples));
        int[] members = judgedSamples(judgement, rollouts.groups());
        Rollouts judged = rollouts.only(members);
        double[] scores = Arrays.stream(members)
                .mapToDouble(b -> judgement.scores().get(b).value())
                .toArray();
        List<CodeBatcher.Part> parts =
                networks.batcher().cut(judged.sequences(), settings.compute().microBatch());
        Assessment assessment = timings.time("advantages", () -> assess(state, judged, parts, scores));

        Map<String, Double> figures = new LinkedHashMap<>();
        PolicyReport report = improve(state, judged, assessment, timings, figures);
        figures.putAll(judgement.named());
        figures.putAll(scoreFigures(scores, state.klCoefficient(), report));
        figures.put("kl/coef", state.klCoefficient());
        figures.put("val/explained_variance", assessment.explainedVariance());
        figures.put("rollout/steps_mean", (double) judged.steps().total() / judged.count());
        long episodes = state.episodes() + rollouts.count();
        figures.put("episode", (double) episodes);
        figures.putAll(timings.named());
        figures.put("perf/generate_codes_per_s", rollouts.codeCount() / timings.of("generate"));
        figures.put("perf/codes_per_s", rollouts.codeCount() / figures.get("timing_s/step"));
        double coefficient =
                settings.kl().controller().next(state.klCoefficient(), report.klPerSequence(), judged.count());
        return new Outcome(
                samples, judgement, figures, new FineTuneState(step, coefficient, judgement.after(), episodes));
    }

    private List<Prompt> prompts(long step) {
        List<Prompt> prompts = new ArrayList<>();
        for (int i = 0; i < settings.rollout().promptsPerStep(); i++) {
            long index = (step - 1) * settings.rollout().promptsPerStep() + i;
            prompts.add(
                    settings.rollout().prompts() == FineTuneSettings.Rollout.PromptSet.TUNING
                            ? corpus.tuningPrompt(index)
                            : corpus.trainPrompt(index));
        }
        return prompts;
    }

    private Rollouts play(long step, List<Prompt> prompts) {
        int each = settings.rollout().samplesPerPrompt();
        List<Prompt> repeated = new ArrayList<>();
        int[] groups = new int[prompts.size() * each];
        for (int i = 0; i < groups.length; i++) {
            repeated.add(prompts.get(i / each));
            groups[i] = i / each;
        }
        List<Completion> played = networks.generator()
                .play(repeated.stream().map(Prompt::text).toList(), i -> streams.stream(Purpose.SAMPLING, step, i));
        Rollouts rollouts = new Rollouts(repeated, played, groups);
        StepTables.requireFinite("log-probability of the policy", rollouts.steps(), rollouts.logProbs());
        return rollouts;
    }

    /** Samples that can be learned from: rewards judged them, and enough of their prompt's others to compare them with. */
    private int[] judgedSamples(RewardScores judgement, int[] groups) {
        int[] judgedInGroup = new int[settings.rollout().promptsPerStep()];
        for (int b = 0; b < groups.length; b++) {
            judgedInGroup[groups[b]] += judgement.scores().get(b).abstains() ? 0 : 1;
        }
        int fewest = settings.credit().estimator().fewestSamplesPerPrompt();
        int[] judged = IntStream.range(0, groups.length)
                .filter(b -> !judgement.scores().get(b).abstains() && judgedInGroup[groups[b]] >= fewest)
                .toArray();
        if (judged.length == 0) {
            throw new NothingToLearnException("the rewards abstained from every sample of an iteration, which leaves"
                    + " nothing to learn from; add a reward that judges any clip, or more prompts an iteration");
        }
        return judged;
    }

    /**
     * What is held of an iteration's steps.
     *
     * @param values expected return before each step; null where no value network is needed
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    private record Assessment(double[][] values, Advantages credit, double[][] advantages, double explainedVariance) {}

    private Assessment assess(FineTuneState state, Rollouts judged, List<CodeBatcher.Part> parts, double[] scores) {
        ValidSteps steps = judged.steps();
        double[][] rewards = StepRewards.atTheEnd(steps, scores);
        if (settings.kl().penalty().lossWeight(state.klCoefficient()) == 0.0) {
            double[][] reference =
                    StepTables.gathered(steps, parts, networks.reference().logProbs(parts));
            double[][] penalty =
                    settings.kl().penalty().rewards(state.klCoefficient(), steps, judged.logProbs(), reference);
            rewards = StepRewards.sum(steps, rewards, penalty);
        }
        AdvantageInputs episodes = AdvantageInputs.of(steps, rewards).withGroups(judged.groups());
        double[][] values = null;
        if (settings.credit().estimator().needsValues()) {
            if (state.step() == 0) {
                networks.critic()
                        .startAt(Arrays.stream(steps.sumPerSample(rewards))
                                .average()
                                .orElseThrow());
            }
            values = networks.critic().values(steps, parts);
            episodes = episodes.withValues(values);
        }
        Advantages credit = settings.credit().estimator().estimate(episodes);
        double[][] advantages = settings.credit().scale().of(steps, credit.advantages());
        double explained = values == null ? Double.NaN : ValueLoss.explainedVariance(steps, values, credit.returns());
        return new Assessment(values, credit, advantages, explained);
    }

    /** Goes through the samples as often as configured; returns what the first time through all of them showed. */
    private PolicyReport improve(
            FineTuneState state, Rollouts judged, Assessment assessment, Timings timings, Map<String, Double> figures) {
        List<PolicyReport> reports = new ArrayList<>();
        List<Critic.Fit> fits = new ArrayList<>();
        figures.put("updates_skipped", 0.0);
        for (int epoch = 0; epoch < settings.policy().epochs(); epoch++) {
            for (int[] members : minibatches(state.step() + 1, epoch, judged.count())) {
                List<CodeBatcher.Part> parts = parts(judged, members);
                int steps = Arrays.stream(members)
                        .map(b -> judged.steps().length(b))
                        .sum();
                if (assessment.values() != null) {
                    fits.add(timings.time("update_value", () -> networks.critic()
                            .fit(parts, assessment.values(), assessment.credit().returns(), steps)));
                }
                reports.add(timings.time(
                        "update_policy", () -> improvePolicy(state, judged, assessment, parts, steps, figures)));
            }
        }
        List<PolicyReport> firstEpoch =
                reports.subList(0, reports.size() / settings.policy().epochs());
        figures.putAll(PolicyReport.named(firstEpoch, reports));
        if (!fits.isEmpty()) {
            figures.put(
                    "loss/value_avg",
                    fits.stream().mapToDouble(Critic.Fit::loss).average().orElseThrow());
            fits.forEach(fit -> note("value", fit.update(), figures));
        }
        return PolicyReport.sum(firstEpoch);
    }

    /** Keeps the norm of an iteration's last update, and counts those that were skipped. */
    private static void note(String network, Learner.Update update, Map<String, Double> figures) {
        figures.put("grad_norm/" + network, update.gradNorm());
        figures.merge("updates_skipped", update.skipped() ? 1.0 : 0.0, Double::sum);
    }

    private PolicyReport improvePolicy(
            FineTuneState state,
            Rollouts judged,
            Assessment assessment,
            List<CodeBatcher.Part> parts,
            int steps,
            Map<String, Double> figures) {
        PolicyImprover.Evidence evidence =
                new PolicyImprover.Evidence(judged.logProbs(), assessment.advantages(), state.klCoefficient());
        PolicyReport report = improver.accumulate(parts, evidence, steps);
        if (state.step() < settings.value().warmupSteps()) {
            networks.policy().discard();
            return report;
        }
        Learner.Update update = networks.policy().update();
        note("policy", update, figures);
        figures.put("lr", update.learningRate());
        return report;
    }

    /** All samples in one piece, or shuffled and dealt out. */
    private List<int[]> minibatches(long step, int epoch, int count) {
        int pieces = Math.min(settings.policy().minibatches(), count);
        int[] order = StepTables.range(count);
        if (pieces > 1) {
            RandomGenerator random = streams.stream(Purpose.DATA_ORDER, step, epoch);
            for (int i = count - 1; i > 0; i--) {
                int j = random.nextInt(i + 1);
                int swapped = order[i];
                order[i] = order[j];
                order[j] = swapped;
            }
        }
        List<int[]> dealt = new ArrayList<>();
        for (int piece = 0; piece < pieces; piece++) {
            dealt.add(Arrays.copyOfRange(order, piece * count / pieces, (piece + 1) * count / pieces));
        }
        return dealt;
    }

    /** Micro-batches of some samples; members are numbered as in the whole iteration. */
    private List<CodeBatcher.Part> parts(Rollouts judged, int[] members) {
        List<CodeBatcher.Part> parts = new ArrayList<>();
        for (CodeBatcher.Part part : networks.batcher()
                .cut(judged.only(members).sequences(), settings.compute().microBatch())) {
            int[] renumbered =
                    Arrays.stream(part.members()).map(b -> members[b]).toArray();
            parts.add(new CodeBatcher.Part(part.batch(), renumbered));
        }
        return parts;
    }

    /** {@code objective/rlhf_reward} is the mean score minus the coefficient times the divergence of a sequence. */
    private static Map<String, Double> scoreFigures(double[] scores, double coefficient, PolicyReport report) {
        double mean = Arrays.stream(scores).average().orElseThrow();
        double variance = Arrays.stream(scores)
                .map(s -> (s - mean) * (s - mean))
                .average()
                .orElseThrow();
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("objective/scores", mean);
        figures.put("objective/scores_std", Math.sqrt(variance));
        figures.put("objective/rlhf_reward", mean - coefficient * report.klPerSequence());
        return figures;
    }

    /**
     * What a policy plays in and is judged by.
     *
     * @param codec what its codes mean
     * @param corpus where prompts come from
     * @param mixture what is rewarded
     */
    record Environment(AudioCodec codec, Corpus corpus, Mixture mixture) {}

    /** No sample of an iteration can be learned from; thrown before anything has changed. */
    static final class NothingToLearnException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        NothingToLearnException(String message) {
            super(message);
        }
    }

    /** Seconds that the phases of an iteration take; a phase that comes twice adds up. */
    static final class Timings {
        private final Clock clock;
        private final Map<String, Double> seconds = new LinkedHashMap<>();

        Timings(Clock clock) {
            this.clock = clock;
        }

        /** Runs a phase. */
        <T> T time(String phase, Supplier<T> work) {
            long start = clock.millis();
            T result = work.get();
            seconds.merge(phase, (clock.millis() - start) / 1000.0, Double::sum);
            return result;
        }

        /** Seconds of a phase, never 0. */
        double of(String phase) {
            return Math.max(seconds.getOrDefault(phase, 0.0), 1e-3);
        }

        /** All phases as {@code timing_s/<phase>}, and their sum as {@code timing_s/step}. */
        Map<String, Double> named() {
            Map<String, Double> named = new LinkedHashMap<>();
            seconds.forEach((phase, value) -> named.put("timing_s/" + phase, value));
            named.put(
                    "timing_s/step",
                    seconds.values().stream().mapToDouble(Double::doubleValue).sum());
            return named;
        }
    }
}
