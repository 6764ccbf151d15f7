package org.encore.trainer.finetuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.encore.model.optimiser.Schedule;
import org.encore.rewards.specs.MixtureSpec.RewardEntry;
import org.encore.rewards.specs.RuleReward.Consonance;
import org.encore.rewards.specs.RuleReward.NoteDensity;
import org.encore.trainer.RunFiles;
import org.encore.trainer.TinyWorld;
import org.encore.trainer.advantages.AdvantageEstimator;
import org.encore.trainer.advantages.AdvantageEstimator.Gae;
import org.encore.trainer.advantages.AdvantageEstimator.GroupNormalised;
import org.encore.trainer.advantages.AdvantageEstimator.LeaveOneOut;
import org.encore.trainer.advantages.AdvantageEstimator.ValueBaseline;
import org.encore.trainer.advantages.AdvantageScale;
import org.encore.trainer.kl.KlController.AdaptiveCoefficient;
import org.encore.trainer.kl.KlController.FixedCoefficient;
import org.encore.trainer.kl.KlEstimator;
import org.encore.trainer.kl.KlPenalty.ExactInLoss;
import org.encore.trainer.kl.KlPenalty.KlSettings;
import org.encore.trainer.kl.KlPenalty.SampledInReward;
import org.encore.trainer.objective.PolicyObjective;
import org.encore.trainer.objective.PolicyObjective.ClippedSurrogate;
import org.encore.trainer.objective.PolicyObjective.Reinforce;
import org.encore.trainer.objective.ValueObjective.SquaredError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs of every kind, and the metrics they write. */
class IterationMetricsTest {
    private static final List<String> ALWAYS = List.of(
            "objective/kl",
            "objective/entropy",
            "objective/rlhf_reward",
            "objective/scores",
            "objective/scores_std",
            "objective/zero_spread",
            "rollout/clipped_ratio",
            "policy/updates",
            "rewards/note-density/mean",
            "rewards/note-density/std",
            "rewards/note-density/raw_mean",
            "reward/weight/note-density",
            "rewards/consonance/mean",
            "rewards/consonance/std",
            "rewards/consonance/raw_mean",
            "reward/weight/consonance",
            "policy/approxkl_avg",
            "policy/clipfrac_avg",
            "policy/logprob_gap_max",
            "val/ratio",
            "loss/policy_avg",
            "grad_norm/policy",
            "lr",
            "updates_skipped",
            "episode",
            "kl/exact",
            "kl/k1",
            "kl/k2",
            "kl/k3",
            "kl/coef",
            "timing_s/generate",
            "timing_s/reward",
            "timing_s/advantages",
            "timing_s/update_policy",
            "timing_s/step",
            "perf/codes_per_s",
            "perf/generate_codes_per_s");
    private static final List<String> WITH_VALUES =
            List.of("loss/value_avg", "grad_norm/value", "val/explained_variance", "timing_s/update_value");

    @TempDir
    private Path run;

    private static Plan plan() {
        return new Plan()
                .steps(2)
                .rollout(2, 2, 1.0)
                .rewards(RewardEntry.defaults(NoteDensity.defaults()), RewardEntry.defaults(Consonance.defaults()));
    }

    private static Stream<Arguments> kinds() {
        KlSettings fixedInLoss = new KlSettings(new ExactInLoss(), new FixedCoefficient(0.1));
        KlSettings adaptiveInLoss = new KlSettings(new ExactInLoss(), new AdaptiveCoefficient(0.1, 1.0, 100, 0.5));
        KlSettings fixedInReward = new KlSettings(SampledInReward.defaults(), new FixedCoefficient(0.1));
        KlSettings adaptiveInReward =
                new KlSettings(new SampledInReward(KlEstimator.K3), new AdaptiveCoefficient(0.1, 1.0, 100, 0.5));
        return Stream.of(
                Arguments.of(new ValueBaseline(), new Reinforce(), fixedInLoss),
                Arguments.of(new Gae(1.0, 0.9), new ClippedSurrogate(0.2), adaptiveInLoss),
                Arguments.of(new LeaveOneOut(), new Reinforce(), fixedInReward),
                Arguments.of(new GroupNormalised(1e-4), new ClippedSurrogate(0.2), adaptiveInReward));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyMetricIsThereAndFinite(AdvantageEstimator estimator, PolicyObjective objective, KlSettings kl)
            throws IOException {
        Rehearsal.whole(
                plan().advantages(estimator, AdvantageScale.RESCALED)
                        .policy(objective, 3e-3)
                        .kl(kl.penalty(), kl.controller()),
                run);
        List<Map<String, Object>> lines = RunFiles.metrics(run);
        assertEquals(2, lines.size());
        for (Map<String, Object> line : lines) {
            ALWAYS.forEach(name -> assertFinite(name, line));
            for (String name : WITH_VALUES) {
                if (estimator.needsValues()) {
                    assertFinite(name, line);
                } else {
                    assertFalse(line.containsKey(name), name);
                }
            }
        }
        assertEquals(estimator.needsValues(), Files.isDirectory(run.resolve("checkpoints/step-2/value")));
        Map<String, Object> first = lines.get(0);
        Map<String, Object> second = lines.get(1);
        assertEquals(4.0, metric("episode", first), 0.0);
        assertEquals(8.0, metric("episode", second), 0.0);
        assertEquals(0.1, metric("kl/coef", first), 0.0);
        assertEquals(kl.controller() instanceof FixedCoefficient, metric("kl/coef", second) == 0.1);
        assertEquals(0.0, metric("kl/exact", first), 0.0);
        assertTrue(metric("kl/exact", second) > 1e-7, "one update must have moved the policy");
        assertTrue(metric("grad_norm/policy", first) > 1e-4, first::toString);
    }

    private static void assertFinite(String name, Map<String, Object> line) {
        assertTrue(line.get(name) instanceof Number, name + " is " + line.get(name));
        assertTrue(Double.isFinite(metric(name, line)), name);
    }

    private static double metric(String name, Map<String, Object> line) {
        return ((Number) line.get(name)).doubleValue();
    }

    @ParameterizedTest
    @ValueSource(doubles = {1.0, 0.8})
    void theFirstIterationIsOnPolicy(double temperature) throws IOException {
        Rehearsal.whole(plan().steps(2).rollout(4, 1, temperature).policy(new ClippedSurrogate(0.2), 1e-9), run);
        for (Map<String, Object> line : RunFiles.metrics(run)) {
            assertEquals(1.0, metric("val/ratio", line), 1e-4);
            assertEquals(0.0, metric("policy/approxkl_avg", line), 1e-7);
            assertEquals(0.0, metric("policy/clipfrac_avg", line), 0.0);
            assertEquals(0.0, metric("kl/exact", line), 1e-6);
            assertEquals(0.0, metric("policy/logprob_gap_max", line), 1e-3);
        }
    }

    /** With several updates on the same samples, the averages show how far the policy left them. */
    @Test
    void laterUpdatesCountInTheAverages() throws IOException {
        Rehearsal.whole(plan().steps(2).rollout(4, 1, 1.0).passes(3, 2).policy(new ClippedSurrogate(0.05), 0.02), run);
        Map<String, Object> line = RunFiles.metrics(run).get(0);
        assertTrue(metric("policy/approxkl_avg", line) > 1e-3, line::toString);
        assertTrue(metric("policy/clipfrac_avg", line) > 0.05, line::toString);
        // The second mini-batch meets a policy that the first has moved; the gap is measured before.
        assertTrue(metric("kl/exact", line) > 1e-6, line::toString);
        assertTrue(metric("objective/kl", line) > metric("kl/exact", line), line::toString);
        assertEquals(0.0, metric("policy/logprob_gap_max", line), 1e-3);
        assertEquals(metric("objective/kl", line) / metric("rollout/steps_mean", line), metric("kl/exact", line), 1e-9);
    }

    /** Divergences are means over all samples, however they are dealt out. */
    @Test
    void miniBatchesMeasureAllSamples() throws IOException {
        Plan still = plan().steps(2).rollout(4, 1, 1.0).policy(new ClippedSurrogate(0.2), 1e-9);
        Rehearsal.whole(still, run.resolve("one"));
        Rehearsal.whole(still.passes(1, 4), run.resolve("four"));
        Map<String, Object> one = RunFiles.metrics(run.resolve("one")).get(0);
        Map<String, Object> four = RunFiles.metrics(run.resolve("four")).get(0);
        // The policy hardly moves: the entropy of the first sample alone would be another.
        assertEquals(metric("objective/entropy", one), metric("objective/entropy", four), 1e-5);
        assertEquals(metric("rollout/steps_mean", one), metric("rollout/steps_mean", four), 0.0);
    }

    @Test
    void duringItsWarmUpOnlyTheValueNetworkLearns() throws IOException {
        Rehearsal.whole(plan().value(new SquaredError(), 3e-3, 1).checkpointEvery(1), run);
        Map<String, Object> first = RunFiles.metrics(run).get(0);
        assertFalse(first.containsKey("grad_norm/policy"));
        assertFinite("grad_norm/value", first);
        assertFinite("grad_norm/policy", RunFiles.metrics(run).get(1));
        assertEquals(
                RunFiles.digests(TinyWorld.base()).get("model.safetensors"),
                RunFiles.digests(run.resolve("checkpoints/step-1")).get("model.safetensors"));
    }

    /** An adaptive coefficient waits for a policy that learns; its schedule begins with its first update and uses the last. */
    @Test
    void whatFollowsThePolicyWaitsForIt() throws IOException {
        Rehearsal.whole(
                plan().steps(4)
                        .value(new SquaredError(), 3e-3, 2)
                        .schedule(new Schedule.Linear(0, 0.0))
                        .kl(new ExactInLoss(), new AdaptiveCoefficient(0.1, 1.0, 100, 0.5)),
                run);
        List<Map<String, Object>> lines = RunFiles.metrics(run);
        double[] coefficients =
                lines.stream().mapToDouble(line -> metric("kl/coef", line)).toArray();
        assertEquals(0.1, coefficients[2], 0.0);
        assertTrue(coefficients[3] < 0.1, "the coefficient of a KL below its target falls, but is " + coefficients[3]);
        assertEquals(0.0, metric("policy/updates", lines.get(1)), 0.0);
        assertEquals(1.0, metric("policy/updates", lines.get(2)), 0.0);
        assertEquals(2.0 / 3 * 3e-3, metric("lr", lines.get(2)), 1e-12);
        assertEquals(1.0 / 3 * 3e-3, metric("lr", lines.get(3)), 1e-12);
    }

    /** Two epochs of two updates: the second update finds the policy moved, and is the last one computed. */
    @Test
    void aTargetKlEndsAnIteration() throws IOException {
        Plan eager = plan().steps(1)
                .rollout(4, 1, 1.0)
                .policy(new ClippedSurrogate(0.2), 0.05)
                .passes(2, 2);
        Rehearsal.whole(eager, run.resolve("all"));
        Rehearsal.whole(eager.targetKl(1e-6), run.resolve("stopped"));
        Map<String, Object> all = RunFiles.metrics(run.resolve("all")).get(0);
        Map<String, Object> stopped = RunFiles.metrics(run.resolve("stopped")).get(0);
        assertEquals(4.0, metric("policy/updates", all), 0.0);
        assertEquals(1.0, metric("policy/updates", stopped), 0.0);
        assertTrue(metric("policy/approxkl_avg", stopped) < metric("policy/approxkl_avg", all), stopped::toString);
        assertEquals(metric("objective/scores", all), metric("objective/scores", stopped), 0.0);
        assertEquals(metric("kl/exact", all), metric("kl/exact", stopped), 0.0);
        Rehearsal.whole(eager.targetKl(1e6), run.resolve("far"));
        assertEquals(
                RunFiles.digests(run.resolve("all/checkpoints/step-1")),
                RunFiles.digests(run.resolve("far/checkpoints/step-1")));
    }

    /** Nearly every completion of 4 codes is cut, and each costs the penalty. */
    @Test
    void completionsWithoutAnEndArePaidFor() throws IOException {
        Plan brief = plan().steps(1).maxFrames(4);
        Rehearsal.whole(brief, run.resolve("free"));
        Rehearsal.whole(brief.missingEndPenalty(10.0), run.resolve("paid"));
        Map<String, Object> free = RunFiles.metrics(run.resolve("free")).get(0);
        Map<String, Object> paid = RunFiles.metrics(run.resolve("paid")).get(0);
        double cut = metric("rollout/clipped_ratio", free);
        assertTrue(cut > 0.0, free::toString);
        assertEquals(cut, metric("rollout/clipped_ratio", paid), 0.0);
        assertEquals(metric("objective/scores", free) - 10.0 * cut, metric("objective/scores", paid), 1e-9);
    }

    @Test
    void trainingOnBeginningsStillEvaluatesWholePieces() throws IOException {
        FineTuning.Result whole = Rehearsal.whole(plan().steps(1), run);
        Path other = run.resolve("beginnings");
        FineTuning.Result beginnings = Rehearsal.whole(plan().steps(1).maxFrames(10), other);
        assertEquals(whole.before(), beginnings.before());
        assertTrue(metric("rollout/steps_mean", RunFiles.metrics(run).get(0)) > 10.0);
        assertTrue(metric("rollout/steps_mean", RunFiles.metrics(other).get(0)) <= 10.0);
    }

    @Test
    void metricsAddUp() throws IOException {
        Rehearsal.whole(plan(), run);
        for (Map<String, Object> line : RunFiles.metrics(run)) {
            double score = metric("rewards/note-density/mean", line) + metric("rewards/consonance/mean", line);
            assertEquals(score, metric("objective/scores", line), 1e-9);
            assertEquals(
                    score - metric("kl/coef", line) * metric("objective/kl", line),
                    metric("objective/rlhf_reward", line),
                    1e-9);
            assertEquals(
                    metric("objective/kl", line) / metric("rollout/steps_mean", line), metric("kl/exact", line), 1e-9);
        }
    }
}
