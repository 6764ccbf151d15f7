package org.encore.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckedRewardTest {
    private final List<Sample> batch = TestRewards.silence(2);

    @Test
    void soundScoresPassAsTheyAre() {
        RewardModel reward = TestRewards.fixed("r", 0.5, null);
        List<Score> scores = CheckedReward.score(reward, batch);
        assertEquals(0.5, scores.get(0).value(), 0.0);
        assertTrue(scores.get(1).abstains());
    }

    @Test
    void everyBreachNamesTheReward() {
        assertStops("reward r returned 1 scores for 2 samples", TestRewards.fixed("r", 0.5));
        assertStops("reward r returned nothing for 2 samples", TestRewards.of("r", samples -> null));
        assertStops(
                "reward r returned NaN for sample 1, but must be finite or abstain",
                TestRewards.fixed("r", 0.5, Double.NaN));
        assertStops(
                "reward r returned -Infinity for sample 0, but must be finite or abstain",
                TestRewards.fixed("r", Double.NEGATIVE_INFINITY, 1.0));
        assertStops(
                "reward r returned no score for sample 0, but must be finite or abstain",
                TestRewards.of("r", samples -> Collections.nCopies(2, null)));
        IllegalStateException cause = new IllegalStateException("no model\nsecond line");
        RewardFailure thrown = assertStops("reward r failed: no model", TestRewards.of("r", samples -> {
            throw cause;
        }));
        assertSame(cause, thrown.getCause());
        assertEquals("r", thrown.id());
        assertStops("reward r failed: NullPointerException", TestRewards.of("r", samples -> {
            throw new NullPointerException();
        }));
    }

    @Test
    void skippingTurnsBreachesIntoAbstentions() {
        List<RewardFailure> failures = new ArrayList<>();
        List<Score> one = CheckedReward.score(TestRewards.fixed("r", 0.5, Double.NaN), batch, failures::add);
        assertEquals(0.5, one.get(0).value(), 0.0);
        assertTrue(one.get(1).abstains());
        assertEquals(1, failures.size());
        List<Score> all = CheckedReward.score(TestRewards.fixed("r", 0.5), batch, failures::add);
        assertTrue(all.get(0).abstains() && all.get(1).abstains());
        assertEquals(2, all.size());
        assertEquals(2, failures.size());
        assertEquals(
                "reward r returned 1 scores for 2 samples",
                all.get(0).explanation().description());
    }

    private RewardFailure assertStops(String message, RewardModel reward) {
        RewardFailure failure = assertThrows(RewardFailure.class, () -> CheckedReward.score(reward, batch));
        assertEquals(message, failure.getMessage());
        return failure;
    }
}
