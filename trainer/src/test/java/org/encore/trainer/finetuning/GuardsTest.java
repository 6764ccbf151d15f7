package org.encore.trainer.finetuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.learning.DivergedException;
import org.encore.model.parallel.Shards;
import org.encore.model.transformer.LoraSettings;
import org.encore.model.transformer.MusicTransformer;
import org.encore.rewards.RewardFailure;
import org.encore.rewards.RewardModel;
import org.encore.rewards.Sample;
import org.encore.rewards.Score;
import org.encore.rewards.mixture.Mixture;
import org.encore.rewards.mixture.Mixture.Member;
import org.encore.rewards.mixture.Mixture.OnFailure;
import org.encore.rewards.mixture.Normaliser.Bounds;
import org.encore.rewards.mixture.Normaliser.Identity;
import org.encore.rewards.mixture.WeightSchedule.Constant;
import org.encore.rewards.specs.MixtureSpec.RewardEntry;
import org.encore.rewards.specs.RuleReward.NoteDensity;
import org.encore.run.Progress;
import org.encore.run.RunDirectory;
import org.encore.run.TrainingLoop.RunContext;
import org.encore.trainer.RunFiles;
import org.encore.trainer.TinyWorld;
import org.encore.trainer.advantages.AdvantageEstimator.LeaveOneOut;
import org.encore.trainer.advantages.AdvantageEstimator.ValueBaseline;
import org.encore.trainer.advantages.AdvantageScale;
import org.encore.trainer.finetuning.FineTuning.NothingToLearnException;
import org.encore.trainer.finetuning.Iteration.Environment;
import org.encore.trainer.objective.PolicyObjective.Reinforce;
import org.encore.trainer.objective.ValueObjective;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that goes wrong stops, says why, and leaves nothing broken behind. */
class GuardsTest {
    @TempDir
    private Path run;

    private static Plan plan() {
        return new Plan().steps(5).rollout(2, 2, 1.0).checkpointEvery(1);
    }

    /** A reward by the place of the sample in its batch; NaN abstains where {@code abstaining} says so. */
    private record ByPlace(IntToDoubleFunction value, boolean abstaining) implements RewardModel {
        @Override
        public String id() {
            return "by-place";
        }

        @Override
        public List<Score> score(List<Sample> batch) {
            List<Score> scores = new ArrayList<>();
            for (int i = 0; i < batch.size(); i++) {
                double score = value.applyAsDouble(i);
                scores.add(
                        abstaining && Double.isNaN(score)
                                ? Score.abstention("not my business")
                                : Score.of(score, "by place"));
            }
            return scores;
        }
    }

    /** One iteration with any reward, of networks that {@code damage} may change before. */
    private Map<String, Double> iterate(Plan plan, RewardModel reward, Damage damage) throws IOException {
        return outcome(plan, reward, damage, FineTuneState.initial(plan.settings()))
                .metrics();
    }

    private Iteration.Outcome outcome(Plan plan, RewardModel reward, Damage damage, FineTuneState state)
            throws IOException {
        FineTuneSettings settings = plan.settings();
        try (Shards shards = new Shards(2, 2, () -> new PortableKernels(Precision.SINGLE));
                Networks networks = new Networks(settings, plan.checkpoint(), TinyWorld.codec(), shards)) {
            damage.to(networks);
            Mixture mixture = Mixture.of(List.of(Member.of(reward, 1.0)), settings.onRewardFailure());
            Environment world = new Environment(
                    TinyWorld.codec(), TinyWorld.corpus().open(TinyWorld.codec(), TinyWorld.MAX_FRAMES), mixture);
            RunContext context =
                    new RunContext(new RunDirectory(run), Optional.empty(), Progress.none(), Clock.systemUTC());
            return new Iteration(settings, networks, world, context).run(state);
        }
    }

    @FunctionalInterface
    private interface Damage {
        void to(Networks networks);
    }

    private Map<String, Double> iterate(Plan plan, RewardModel reward) throws IOException {
        return iterate(plan, reward, networks -> {});
    }

    @Test
    void aRewardThatIsNotFiniteStopsTheRunByItsName() {
        RewardModel broken = new ByPlace(i -> i == 2 ? Double.NaN : 1.0, false);
        RewardFailure failure = assertThrows(RewardFailure.class, () -> iterate(plan(), broken));
        assertEquals("by-place", failure.id());
        assertEquals("reward by-place returned NaN for sample 2, but must be finite or abstain", failure.getMessage());
    }

    @Test
    void whereFailuresAreSkippedTheOthersAreLearnedFrom() throws IOException {
        RewardModel broken = new ByPlace(i -> i == 2 ? Double.NaN : i, false);
        Map<String, Double> metrics = iterate(plan().onFailure(OnFailure.SKIP), broken);
        assertEquals((0.0 + 1.0 + 3.0) / 3, metrics.get("objective/scores"), 1e-12);
        assertEquals(0.25, metrics.get("rewards/by-place/abstained"), 0.0);
        assertEquals(4.0, metrics.get("episode"), 0.0);
    }

    /** Prompts 0 and 1 have two samples each; of the second prompt only one sample has a score. */
    @Test
    void aSampleWithNothingToCompareItWithIsLeftOut() throws IOException {
        RewardModel abstaining = new ByPlace(i -> i == 2 ? Double.NaN : i, true);
        Map<String, Double> metrics =
                iterate(plan().advantages(new LeaveOneOut(), AdvantageScale.UNTOUCHED), abstaining);
        assertEquals((0.0 + 1.0) / 2, metrics.get("objective/scores"), 1e-12);
        assertTrue(metrics.get("grad_norm/policy") > 0.0);
    }

    /** Of two prompts one has samples of one score. */
    @Test
    void promptsWhoseSamplesAreAlikeAreCounted() throws IOException {
        Map<String, Double> metrics = iterate(plan(), new ByPlace(i -> Math.min(i, 2), false));
        assertEquals(0.5, metrics.get("objective/zero_spread"), 0.0);
        assertFalse(
                iterate(plan().rollout(4, 1, 1.0), new ByPlace(i -> i, false)).containsKey("objective/zero_spread"));
    }

    /** Runs iterations after one another until one stops the run; returns how many were skipped before. */
    private int skippedBeforeTheRunStops(Plan plan, RewardModel reward, String message) throws IOException {
        FineTuneSettings settings = plan.settings();
        int skipped = 0;
        FineTuneState state = FineTuneState.initial(settings);
        while (skipped < 100) {
            FineTuneState before = state;
            try {
                Iteration.Outcome outcome = outcome(plan, reward, networks -> {}, before);
                assertEquals(before.skipped() + 1.0, outcome.metrics().get("iterations_skipped"), 0.0);
                assertFalse(outcome.metrics().containsKey("objective/scores"));
                state = outcome.after();
                assertEquals(before.klCoefficient(), state.klCoefficient(), 0.0);
                assertEquals(before.step() + 1, state.step());
                skipped++;
            } catch (NothingToLearnException stop) {
                assertTrue(stop.getMessage().contains(message), stop.getMessage());
                return skipped;
            }
        }
        throw new AssertionError("nothing stops the run");
    }

    @Test
    void rewardsThatSayNothingStopTheRunAfterSomeIterations() throws IOException {
        RewardModel silent = new ByPlace(i -> Double.NaN, true);
        assertEquals(4, skippedBeforeTheRunStops(plan(), silent, "the rewards abstained from every sample"));
        // A run that is shorter has learned nothing at all.
        assertEquals(1, skippedBeforeTheRunStops(plan().steps(2), silent, "for 2 iterations there was nothing"));
    }

    @Test
    void tooFewScoredSamplesOfEachPromptStopTheRunAfterSomeIterations() throws IOException {
        RewardModel half = new ByPlace(i -> i % 2 == 0 ? 1.0 : Double.NaN, true);
        Plan plan = plan().advantages(new LeaveOneOut(), AdvantageScale.UNTOUCHED);
        assertEquals(
                4,
                skippedBeforeTheRunStops(
                        plan, half, "no prompt has the 2 scored samples that the advantage estimator needs"));
    }

    @Test
    void oneIterationThatIsLearnedFromEndsTheCount() throws IOException {
        FineTuneState skipped = outcome(
                        plan(),
                        new ByPlace(i -> Double.NaN, true),
                        networks -> {},
                        FineTuneState.initial(plan().settings()))
                .after();
        assertEquals(1, skipped.skippedInRow());
        FineTuneState learned = outcome(plan(), new ByPlace(i -> i, false), networks -> {}, skipped)
                .after();
        assertEquals(0, learned.skippedInRow());
        assertEquals(1, learned.skipped());
    }

    @Test
    void aHugeScoreIsRefusedByTheNameOfItsReward() {
        RewardFailure failure =
                assertThrows(RewardFailure.class, () -> iterate(plan(), new ByPlace(i -> i == 1 ? 1e300 : 0, false)));
        assertEquals(
                "reward by-place returned 1.0E300 for sample 1, but scores are from -1.0E100 to 1.0E100",
                failure.getMessage());
    }

    @Test
    void valueWarmupNeedsAnEstimatorWithValues() {
        Plan plan = plan().advantages(new LeaveOneOut(), AdvantageScale.UNTOUCHED)
                .value(ValueObjective.defaults(), 1e-3, 1);
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, plan::settings);
        assertEquals(
                "value.warmupIterations is 1, but must be 0, because the advantage estimator needs no values",
                refused.getMessage());
    }

    /** Generation drops nothing, so the ratio of the two policies would be wrong. */
    @Test
    void adaptersHaveNoDropout() {
        LoraSettings dropping = new LoraSettings(4, 8.0, List.of(LoraSettings.Target.Q_PROJ), 0.1);
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> plan().lora(dropping));
        assertEquals(
                "lora.dropout is 0.1, but must be 0: log-probabilities in training must be those of generation, which drops"
                        + " nothing; pretrain has it",
                refused.getMessage());
    }

    @Test
    void networksThatAreNotFiniteAreNoticedWhereTheySpeak() {
        RewardModel one = new ByPlace(i -> i, false);
        assertEquals(
                "the log-probability of the policy is NaN at step 0 of sample 0",
                assertThrows(
                                DivergedException.class,
                                () -> iterate(
                                        plan(), one, n -> poison(n.policy().model())))
                        .getMessage());
        assertEquals(
                "the value network's prediction is NaN at step 0 of sample 0",
                assertThrows(
                                DivergedException.class,
                                () -> iterate(
                                        plan(),
                                        one,
                                        n -> poison(((TrunkCritic) n.critic().orElseThrow())
                                                .learner()
                                                .model())))
                        .getMessage());
    }

    private static void poison(MusicTransformer model) {
        model.kernels().fill(model.parameters().get("decoder.model.decoder.layer_norm.weight"), Double.NaN);
    }

    /** A weight that overflows 32 bits makes every gradient infinite. */
    @Test
    void gradientsThatAreNotFiniteAreSkippedAndEndTheRunAfterThree() throws IOException {
        RewardEntry huge = new RewardEntry(
                "density", 1e200, new Constant(), new Identity(), Bounds.defaults(), new NoteDensity(4.0));
        Plan plan = plan().rewards(huge).advantages(new LeaveOneOut(), AdvantageScale.UNTOUCHED);
        DivergedException diverged = assertThrows(DivergedException.class, () -> Rehearsal.whole(plan, run));
        assertEquals(
                "step 3: the gradient of the policy was NaN in 3 updates in a row after 0 finite ones; lower its"
                        + " learning rate; the last checkpoint is " + run.resolve("checkpoints/step-2"),
                diverged.getMessage());
        List<Map<String, Object>> lines = RunFiles.metrics(run);
        assertEquals(2, lines.size());
        for (Map<String, Object> line : lines) {
            assertEquals(1.0, line.get("updates_skipped"));
            assertNull(line.get("grad_norm/policy"));
        }
        // Nothing was learned, and nothing broken was written.
        assertEquals(
                RunFiles.digests(TinyWorld.base()).get("model.safetensors"),
                RunFiles.digests(run.resolve("checkpoints/step-2")).get("model.safetensors"));
        assertThrows(
                DivergedException.class, () -> Rehearsal.resumed(plan, run), "resuming does not start to count anew");
        assertEquals(2, RunFiles.metrics(run).size());
    }

    @Test
    void aRunThatLeavesItsReferenceTooFarBehindEnds() throws IOException {
        Plan plan = plan().advantages(new ValueBaseline(), AdvantageScale.WHITENED)
                .policy(new Reinforce(), 0.02)
                .maxKl(1e-4);
        DivergedException diverged = assertThrows(DivergedException.class, () -> Rehearsal.whole(plan, run));
        String message = diverged.getMessage();
        assertTrue(message.startsWith("step 2: the KL from the reference is "), message);
        assertTrue(message.contains(" nats per code, above evaluation.maxKl 0.000100, with score "), message);
        assertTrue(message.contains(" and gradient norm "), message);
        assertTrue(message.endsWith("; the last checkpoint is " + run.resolve("checkpoints/step-1")), message);
        assertEquals(1, message.lines().count());
        assertEquals(2, RunFiles.metrics(run).size(), "the step that diverged is in the log");
        assertFalse(Files.exists(run.resolve("checkpoints/step-2")));

        Path other = run.resolve("other");
        DivergedException early =
                assertThrows(DivergedException.class, () -> Rehearsal.whole(plan.checkpointEvery(100), other));
        assertTrue(early.getMessage().endsWith("; there is no checkpoint yet"), early.getMessage());
    }
}
