package org.encore.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class TimeLimitedRewardTest {
    private static final double PLENTY = 600.0;
    private static final double LITTLE = 0.05;

    private final List<Sample> batch = TestRewards.silence(2);

    @Test
    void aRewardInTimeIsWhatItWas() {
        TimeLimitedReward limited = new TimeLimitedReward(TestRewards.fixed("r", 0.5, null), PLENTY);
        List<Score> scores = CheckedReward.score(limited, batch);
        assertEquals(0.5, scores.get(0).value(), 0.0);
        assertTrue(scores.get(1).abstains());
        assertEquals("r", limited.id());
    }

    @Test
    void whatItThrowsIsNamedAsWithoutALimit() {
        IllegalStateException thrown = new IllegalStateException("no model");
        RewardFailure failure = failureOf(PLENTY, TestRewards.of("r", samples -> {
            throw thrown;
        }));
        assertEquals("reward r failed: no model", failure.getMessage());
        assertSame(thrown, failure.getCause());
        RewardFailure missing = failureOf(PLENTY, TestRewards.of("r", samples -> {
            throw new NoClassDefFoundError("org/example/Missing");
        }));
        assertEquals("reward r failed: org/example/Missing", missing.getMessage());
    }

    @Test
    void aRewardThatHangsIsNamedAndNotCalledAgainWhileItIsStuck() throws InterruptedException {
        CountDownLatch released = new CountDownLatch(1);
        CountDownLatch returned = new CountDownLatch(1);
        AtomicBoolean stuck = new AtomicBoolean(true);
        TimeLimitedReward limited = new TimeLimitedReward(
                TestRewards.of("r", samples -> {
                    if (stuck.get()) {
                        awaitStubbornly(released);
                        returned.countDown();
                    }
                    return TestRewards.fixed("r", 1.0, 2.0).score(samples);
                }),
                LITTLE);
        assertEquals(
                "reward r returned nothing for 2 samples within 0.05 s",
                assertThrows(RewardFailure.class, () -> CheckedReward.score(limited, batch))
                        .getMessage());
        List<RewardFailure> failures = new ArrayList<>();
        List<Score> skipped = CheckedReward.score(limited, batch, failures::add);
        assertTrue(skipped.stream().allMatch(Score::abstains));
        assertEquals(
                "reward r is still busy with an earlier batch after its 0.05 s were up",
                failures.get(0).getMessage());
        stuck.set(false);
        released.countDown();
        returned.await();
    }

    /** Waits although it is interrupted, as code does that does not listen. */
    private static void awaitStubbornly(CountDownLatch latch) {
        boolean waiting = true;
        while (waiting) {
            try {
                latch.await();
                waiting = false;
            } catch (InterruptedException e) {
                // Not listening.
            }
        }
    }

    @Test
    void refusesLimitsThatMakeNoSense() {
        for (double seconds : new double[] {0.0, -1.0, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertEquals(
                    "timeoutSeconds is " + seconds + ", but must be above 0 and finite",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> new TimeLimitedReward(TestRewards.fixed("r"), seconds))
                            .getMessage());
        }
    }

    private RewardFailure failureOf(double seconds, RewardModel reward) {
        return assertThrows(
                RewardFailure.class, () -> CheckedReward.score(new TimeLimitedReward(reward, seconds), batch));
    }
}
