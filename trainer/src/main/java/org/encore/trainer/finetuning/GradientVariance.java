package org.encore.trainer.finetuning;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.base.settings.Checks;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.parallel.Shards;
import org.encore.music.codec.AudioCodec;
import org.encore.rewards.mixture.RewardScores;
import org.encore.rewards.specs.MixtureSpec;
import org.encore.run.Progress;
import org.encore.statistics.Bootstrap;
import org.encore.statistics.Interval;
import org.encore.trainer.advantages.AdvantageEstimator;
import org.encore.trainer.advantages.AdvantageEstimator.AdvantageInputs;
import org.encore.trainer.advantages.ValidSteps;
import org.encore.trainer.advantages.ValidSteps.StepRewards;
import org.encore.trainer.finetuning.Iteration.Environment;
import org.encore.trainer.finetuning.PolicyImprover.Evidence;
import org.encore.trainer.objective.ValueObjective.ValueLoss;

/**
 * Measures what a baseline saves: the variance of the policy gradient over many mini-batches, by three baselines on the same
 * samples.
 *
 * <p>Advantages are not scaled, so that every baseline has the same expected gradient, and the trace of the covariance of the
 * gradient of a mini-batch compares them. The policy is the checkpoint, and so is the reference: the KL has no gradient there.
 *
 * <p>The trace is the mean squared norm of the gradients less the mean product of two different ones, which makes it unbiased.
 * Norms are exact; products of different gradients, a small part, are those of sketches: each element is added, with a random sign, to one of {@value #SKETCH} sums
 * (Charikar, Chen and Farach-Colton 2002), which keeps products up to a standard error of 0.4 % of the norms.
 */
public final class GradientVariance {
    private static final int SKETCH = 1 << 16;
    private static final int RESAMPLES = 1000;
    /** Prompts begin here, after those of runs, and apart from those of the warm-up. */
    private static final long FIRST_PROMPT = 2_000_000_000L;

    private final FineTuneSettings settings;
    private final int minibatches;

    /**
     * The variance with one baseline.
     *
     * @param baseline its name
     * @param trace of the covariance of the gradient of a mini-batch
     * @param relative the trace over that of leave-one-out
     * @param signal squared norm of the expected gradient, the same for all baselines up to noise
     * @param advantages variance of the advantages of the steps
     */
    public record Row(String baseline, Interval trace, Interval relative, double signal, double advantages) {}

    /**
     * All baselines.
     *
     * @param explained explained variance of the values on these samples, by metric name
     */
    public record Result(List<Row> rows, Map<String, Double> explained, int samples) {}

    /**
     * Prepares.
     *
     * @param settings of a run with a value baseline; at least 2 samples of each prompt
     * @param minibatches number of mini-batches, each as large as an iteration of the run, at least 4
     */
    public GradientVariance(FineTuneSettings settings, int minibatches) {
        Checks.atLeast("minibatches", minibatches, 4);
        if (!settings.advantages().estimator().needsValues()) {
            throw new IllegalArgumentException(
                    "advantages.estimator needs no values, so there is no value baseline to compare; take value-baseline");
        }
        if (settings.rollout().samplesPerPrompt() < 2) {
            throw new IllegalArgumentException("rollout.samplesPerPrompt is "
                    + settings.rollout().samplesPerPrompt()
                    + ", but leave-one-out compares samples of one prompt and needs at least 2");
        }
        this.settings = settings;
        this.minibatches = minibatches;
    }

    /** The names of the baselines. */
    private static final List<String> BASELINES = List.of("running mean", "leave-one-out", "value");

    /** Measures; {@code base} is the directory of the checkpoint. */
    public Result measure(Path base, AudioCodec codec, Shards shards, Progress progress) throws IOException {
        try (Networks networks = new Networks(settings, base, codec, shards)) {
            Environment environment = new Environment(
                    codec,
                    settings.corpus().open(codec, networks.evaluationFrames()),
                    new MixtureSpec(settings.rewards(), settings.onRewardFailure()).mixture());
            Collector collector = new Collector(settings, networks, environment);
            PolicyImprover improver = new PolicyImprover(networks.policy(), networks.reference(), settings);
            Critic critic = networks.critic().orElseThrow();
            if (critic instanceof ReaderCritic reader && reader.wantsWarmUp()) {
                reader.warmUp(
                        collector,
                        settings.rollout().samplesPerPrompt(),
                        done -> progress.step("value warm-up", done, reader.warmupSamples(), ""));
            }
            Tally tally = new Tally();
            for (int m = 0; m < minibatches; m++) {
                add(m, networks, collector, improver, critic, tally);
                progress.step("gradients", m + 1, minibatches, "");
            }
            return tally.result(new Bootstrap(RESAMPLES, settings.seed()));
        }
    }

    private void add(
            int number, Networks networks, Collector collector, PolicyImprover improver, Critic critic, Tally tally) {
        int prompts = settings.rollout().promptsPerIteration();
        Rollouts rollouts = collector.generate(
                1_000_000L + number,
                collector.prompts(FIRST_PROMPT + (long) number * prompts, prompts),
                settings.rollout().samplesPerPrompt());
        RewardScores rewardScores = collector.rewards().rewardScores(collector.samples(rollouts));
        int[] members = Collector.scoredSamples(rewardScores, rollouts.groups(), 2);
        if (members.length == 0) {
            throw new IllegalArgumentException(
                    "the rewards abstained from nearly all samples of a mini-batch; take rewards that score every clip");
        }
        Rollouts scored = rollouts.only(members);
        ValidSteps steps = scored.steps();
        double[] scores = collector.scores(rollouts, members, rewardScores);
        List<CodeBatcher.MicroBatch> microBatches =
                networks.batcher().cut(scored.sequences(), settings.compute().microBatchFor(scored.count()));
        double[][] rewards = StepRewards.atTheEnd(steps, scores);
        double mean = tally.meanScore(scores);
        critic.startAt(scores);
        double[][] values = critic.values(scored, microBatches, collector.rewards());
        AdvantageInputs inputs =
                AdvantageInputs.of(steps, rewards).withGroups(scored.groups()).withValues(values);
        double[][] returns = StepRewards.returnsToGo(steps, rewards);
        List<double[][]> advantages = List.of(
                steps.table((b, t) -> returns[b][t] - mean),
                new AdvantageEstimator.LeaveOneOut().estimate(inputs).advantages(),
                settings.advantages().estimator().estimate(inputs).advantages());
        for (int i = 0; i < advantages.size(); i++) {
            improver.accumulate(microBatches, new Evidence(scored.logProbs(), advantages.get(i), 0.0), steps.total());
            tally.add(i, networks.policy().takeGradient(), steps, advantages.get(i));
        }
        tally.note(steps, values, returns);
    }

    /** What is known of the gradients so far. */
    private static final class Tally {
        private final List<List<float[]>> sketches = new ArrayList<>();
        private final List<List<Double>> norms = new ArrayList<>();
        private final double[] advantages = new double[BASELINES.size()];
        private final Map<String, Double> explained = new LinkedHashMap<>();
        private int batches;
        private int samples;
        private double scoreSum;
        private int[] places = {};

        Tally() {
            BASELINES.forEach(unused -> {
                sketches.add(new ArrayList<>());
                norms.add(new ArrayList<>());
            });
        }

        /** The mean of all earlier scores, of these at first; then these are added. */
        double meanScore(double[] scores) {
            double mean = samples == 0 ? Arrays.stream(scores).average().orElseThrow() : scoreSum / samples;
            scoreSum += Arrays.stream(scores).sum();
            samples += scores.length;
            return mean;
        }

        void add(int baseline, double[] gradient, ValidSteps steps, double[][] table) {
            if (places.length == 0) {
                draw(gradient.length);
            }
            float[] sketch = new float[SKETCH];
            double norm = 0.0;
            for (int i = 0; i < gradient.length; i++) {
                norm += gradient[i] * gradient[i];
                // The lowest bit is the sign, the others the place.
                sketch[places[i] >>> 1] += (float) ((places[i] & 1) == 0 ? gradient[i] : -gradient[i]);
            }
            sketches.get(baseline).add(sketch);
            norms.get(baseline).add(norm);
            advantages[baseline] += steps.variance(table);
        }

        private void draw(int size) {
            RandomGenerator random = new RandomStreams(1).stream(Purpose.NOISE, size);
            places = random.ints(size, 0, 2 * SKETCH).toArray();
        }

        void note(ValidSteps steps, double[][] values, double[][] returns) {
            ValueLoss.explainedVariances(steps, values, returns)
                    .forEach((name, value) -> explained.merge(name, value, Double::sum));
            batches++;
        }

        Result result(Bootstrap bootstrap) {
            List<double[][]> products = new ArrayList<>();
            for (int i = 0; i < BASELINES.size(); i++) {
                products.add(products(i));
            }
            List<Row> rows = new ArrayList<>();
            for (int i = 0; i < BASELINES.size(); i++) {
                double[][] own = products.get(i);
                rows.add(new Row(
                        BASELINES.get(i),
                        bootstrap.interval(batches, drawn -> trace(own, drawn)),
                        bootstrap.interval(batches, drawn -> trace(own, drawn) / trace(products.get(1), drawn)),
                        signal(own),
                        advantages[i] / batches));
            }
            explained.replaceAll((name, sum) -> sum / batches);
            return new Result(rows, explained, samples);
        }

        /** Products of all pairs of gradients. */
        private double[][] products(int baseline) {
            List<float[]> own = sketches.get(baseline);
            double[][] products = new double[batches][batches];
            for (int a = 0; a < batches; a++) {
                for (int b = 0; b < a; b++) {
                    double sum = 0.0;
                    for (int i = 0; i < SKETCH; i++) {
                        sum += (double) own.get(a)[i] * own.get(b)[i];
                    }
                    products[a][b] = sum;
                    products[b][a] = sum;
                }
                products[a][a] = norms.get(baseline).get(a);
            }
            return products;
        }

        /** The mean squared norm less the mean product of different gradients; a draw may hold one several times. */
        private static double trace(double[][] products, int[] drawn) {
            double squares = 0.0;
            double others = 0.0;
            int pairs = 0;
            for (int a : drawn) {
                squares += products[a][a];
                for (int b : drawn) {
                    if (a != b) {
                        others += products[a][b];
                        pairs++;
                    }
                }
            }
            return pairs == 0 ? Double.NaN : squares / drawn.length - others / pairs;
        }

        /** The squared norm of the mean without its noise: the mean product of different gradients. */
        private static double signal(double[][] products) {
            double sum = 0.0;
            for (int a = 0; a < products.length; a++) {
                for (int b = 0; b < a; b++) {
                    sum += products[a][b];
                }
            }
            return sum / (products.length * (products.length - 1) / 2.0);
        }
    }
}
