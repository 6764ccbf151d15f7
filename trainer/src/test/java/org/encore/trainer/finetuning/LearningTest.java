package org.encore.trainer.finetuning;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.encore.rewards.specs.MixtureSpec.RewardEntry;
import org.encore.rewards.specs.RuleReward.Length;
import org.encore.trainer.RunFiles;
import org.encore.trainer.kl.KlController.FixedCoefficient;
import org.encore.trainer.kl.KlPenalty.ExactInLoss;
import org.encore.trainer.objective.PolicyObjective;
import org.encore.trainer.objective.PolicyObjective.ClippedSurrogate;
import org.encore.trainer.objective.PolicyObjective.Reinforce;
import org.encore.trainer.objective.ValueObjective.SquaredError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reinforcement learning does what its name says. */
class LearningTest {
    private static final int STEPS = 16;

    @TempDir
    private Path run;

    /** Pays for music of at least twelve seconds; the base generates about two. */
    private static Plan plan(PolicyObjective objective, double coefficient) {
        RewardEntry length = RewardEntry.defaults(new Length(12.0, 60.0));
        return new Plan()
                .seed(2)
                .steps(STEPS)
                .rollout(16, 1, 1.0)
                .compute(2, 8)
                .policy(objective, 5e-3)
                .value(new SquaredError(), 1e-2, 0)
                .rewards(length)
                .kl(new ExactInLoss(), new FixedCoefficient(coefficient))
                .evaluation(16, 2, 1000, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reinforce", "clipped"})
    void theRewardRisesOnPromptsNeverSeen(String name) throws IOException {
        PolicyObjective objective = name.equals("clipped") ? new ClippedSurrogate(0.2) : new Reinforce();
        FineTuning.Result result =
                Rehearsal.whole(plan(objective, 0.02).passes(name.equals("clipped") ? 2 : 1, 1), run);
        double before = result.before().get("length");
        double after = result.after().get("length");
        assertTrue(before < 0.35, "the base earns " + before);
        assertTrue(after > 0.7, "the policy earns " + after);
        assertTrue(result.klPerCode() > 0.05, "it must have moved, but the divergence is " + result.klPerCode());
        assertTrue(
                mean("objective/scores", 0, 3) + 0.3 < mean("objective/scores", STEPS - 3, STEPS),
                "the scores of training rise too");
    }

    @Test
    void aStrongKlPenaltyHoldsThePolicyBack() throws IOException {
        FineTuning.Result held = Rehearsal.whole(plan(new Reinforce(), 0.9), run);
        assertTrue(held.klPerCode() < 0.05, "the divergence is " + held.klPerCode());
    }

    private double mean(String name, int from, int to) throws IOException {
        List<Map<String, Object>> lines = RunFiles.metrics(run).subList(from, to);
        return lines.stream()
                .mapToDouble(line -> ((Number) line.get(name)).doubleValue())
                .average()
                .orElseThrow();
    }
}
