package org.encore.rewards.mixture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.encore.rewards.RewardFailure;
import org.encore.rewards.RewardModel;
import org.encore.rewards.Sample;
import org.encore.rewards.Score;
import org.encore.rewards.TestRewards;
import org.encore.rewards.mixture.Mixture.Member;
import org.encore.rewards.mixture.Mixture.MixtureState;
import org.encore.rewards.mixture.Mixture.OnFailure;
import org.encore.rewards.mixture.Normaliser.Bounds;
import org.encore.rewards.mixture.Normaliser.FixedRange;
import org.encore.rewards.mixture.Normaliser.Identity;
import org.encore.rewards.mixture.Normaliser.MeasuredReference;
import org.encore.rewards.mixture.Normaliser.Running;
import org.encore.rewards.mixture.Normaliser.RunningMoments;
import org.encore.rewards.mixture.RewardScores.MemberScores;
import org.encore.rewards.mixture.WeightSchedule.Constant;
import org.encore.rewards.mixture.WeightSchedule.Linear;
import org.junit.jupiter.api.Test;

class MixtureTest {
    private static final double TOLERANCE = 1e-12;
    private final List<Sample> three = TestRewards.silence(3);

    @Test
    void addsWeightedNormalisedScores() {
        RewardScores rewardScores = stopping(
                        Member.of(TestRewards.fixed("a", 1.0, 2.0, 3.0), 2.0),
                        quality(TestRewards.fixed("q", 3.0, 5.0, 9.0), 0.5))
                .rewardScores(three);
        // 2 * a + 0.5 * min((q - 1) / 4, 1.5).
        assertValues(rewardScores, 2.25, 4.5, 6.75);
        MemberScores second = rewardScores.members().get(1);
        assertEquals(9.0, second.raw(2), 0.0);
        assertEquals(1.5, second.normalised(2), TOLERANCE);
        assertEquals(0.75, second.weighted(2), TOLERANCE);
    }

    @Test
    void explanationsAddUpAndShowEveryPart() {
        RewardScores rewardScores = stopping(
                        Member.of(TestRewards.fixed("a", 1.0, 2.0, null), 2.0),
                        quality(TestRewards.fixed("q", 3.0, 5.0, 9.0), 0.5))
                .rewardScores(three);
        for (Score score : rewardScores.scores()) {
            assertTrue(score.explanation().addsUp(1e-12), score.explanation()::outline);
        }
        assertEquals(
                """
                2.2500 weighted rewards
                  2.0000 a
                    2.0000 weight
                    1.0000 score, as it is
                      1.0000 fixed
                  0.2500 q
                    0.5000 weight
                    0.5000 score, from [1.0, 5.0] to [0, 1]
                      3.0000 fixed
                """,
                rewardScores.scores().get(0).explanation().outline());
        assertEquals(
                """
                3.7500 weighted rewards
                  3.7500 q
                    2.5000 weight, with that of abstaining rewards
                    1.5000 score, from [1.0, 5.0] to [0, 1]
                      9.0000 fixed
                """,
                rewardScores.scores().get(2).explanation().outline());
    }

    @Test
    void othersTakeOverTheWeightOfAnAbstainingReward() {
        RewardScores rewardScores = stopping(
                        Member.of(TestRewards.fixed("a", 1.0, null, null), 1.0),
                        Member.of(TestRewards.fixed("b", 2.0, 2.0, null), 2.0),
                        Member.of(TestRewards.fixed("c", 4.0, 4.0, null), 3.0))
                .rewardScores(three);
        // 1 + 4 + 12; then weights 2 and 3 times 6 / 5.
        assertEquals(17.0, rewardScores.scores().get(0).value(), TOLERANCE);
        assertEquals(19.2, rewardScores.scores().get(1).value(), TOLERANCE);
        assertTrue(rewardScores.scores().get(2).abstains());
        assertEquals(4.8, rewardScores.members().get(1).weighted(1), TOLERANCE);
        assertTrue(Double.isNaN(rewardScores.members().get(0).weighted(1)));
        assertTrue(rewardScores.members().get(0).abstains(1));
    }

    @Test
    void aRewardWithoutWeightCannotSpeakForTheOthers() {
        RewardScores rewardScores = stopping(
                        Member.of(TestRewards.fixed("a", null, 1.0, 2.0), 1.0),
                        Member.of(TestRewards.fixed("watched", 9.0, 9.0, 9.0), 0.0))
                .rewardScores(three);
        assertTrue(rewardScores.scores().get(0).abstains());
        assertEquals(1.0, rewardScores.scores().get(1).value(), TOLERANCE);
        assertEquals(
                0.0,
                stopping(Member.of(TestRewards.fixed("watched", 9.0, 9.0, 9.0), 0.0))
                        .rewardScores(three)
                        .scores()
                        .get(0)
                        .value(),
                0.0);
    }

    @Test
    void metricsLeaveAbstentionsOut() {
        Map<String, Double> named = stopping(
                        quality(TestRewards.fixed("q", 1.0, null, 5.0), 0.5),
                        Member.of(TestRewards.fixed("mute", null, null, null), 1.0))
                .rewardScores(three)
                .named();
        assertEquals(11, named.size());
        assertEquals(3.0, named.get("rewards/q/raw_mean"), TOLERANCE);
        assertEquals(0.5, named.get("rewards/q/mean"), TOLERANCE);
        assertEquals(0.5, named.get("rewards/q/std"), TOLERANCE);
        assertEquals(1.0 / 3, named.get("rewards/q/abstained"), TOLERANCE);
        assertEquals(0.5, named.get("reward/weight/q"), TOLERANCE);
        assertEquals(1.0, named.get("rewards/mute/abstained"), TOLERANCE);
        assertEquals(1.0, named.get("reward/weight/mute"), TOLERANCE);
        // The weight of the reward that is mute falls to the other: 1.5 * (0 + 1) / 2.
        assertEquals(0.75, named.get("rewards/q/weighted_mean"), TOLERANCE);
        assertEquals(0.0, named.get("rewards/mute/weighted_mean"), 0.0);
        assertEquals(0.0, named.get("rewards/q/failures"), 0.0);
    }

    @Test
    void weightsFollowTheirSchedule() {
        Mixture mixture = stopping(new Member(
                TestRewards.fixed("a", 1.0, 1.0, 1.0), 4.0, new Linear(0, 1, 1, 3), new Identity(), Bounds.defaults()));
        double[] expected = {0, 0, 2, 4, 4};
        for (double weight : expected) {
            RewardScores rewardScores = mixture.rewardScores(three);
            assertEquals(weight, rewardScores.scores().get(0).value(), TOLERANCE);
            assertEquals(weight, rewardScores.members().get(0).weight(), TOLERANCE);
            mixture = mixture.withState(rewardScores.after());
        }
        assertEquals(0.5, new Linear(2, 0, 0, 4).factorAt(3), TOLERANCE);
        assertEquals(1.0, new Constant().factorAt(1_000_000), 0.0);
    }

    @Test
    void judgingChangesNothing() {
        Mixture mixture = stopping(running(TestRewards.fixed("a", 1.0, 2.0, 6.0)));
        RewardScores first = mixture.rewardScores(three);
        RewardScores again = mixture.rewardScores(three);
        assertEquals(first.scores(), again.scores());
        assertEquals(first.after(), again.after());
        assertEquals(0, mixture.state().step());
        assertEquals(mixture.score(three), first.scores());
    }

    @Test
    void runningScoresIncludeTheirOwnBatch() {
        RewardScores rewardScores =
                stopping(running(TestRewards.fixed("a", 1.0, 2.0, 6.0))).rewardScores(three);
        // Mean 3, variance (4 + 1 + 9) / 3.
        double sd = Math.sqrt(14.0 / 3);
        assertEquals(-2 / sd, rewardScores.scores().get(0).value(), 1e-8);
        assertEquals(3 / sd, rewardScores.scores().get(2).value(), 1e-8);
        RunningMoments moments = rewardScores.after().moments().get("a");
        assertEquals(3, moments.count());
        assertEquals(3.0, moments.mean(), TOLERANCE);
    }

    /** The first scores that differ set the scale for good; a written state has it, and one without it still opens. */
    @Test
    void aMeasuredReferenceIsThatOfTheFirstScores() throws JsonProcessingException {
        double[][] batches = {{5, 5, 5}, {1, 2, 6}, {101, 102, 106}};
        int[] batch = {0};
        RewardModel reward = TestRewards.of("a", samples -> Arrays.stream(batches[batch[0]])
                .mapToObj(value -> Score.of(value, "given"))
                .toList());
        Mixture mixture = stopping(new Member(reward, 1.0, new Constant(), new MeasuredReference(), Bounds.defaults()));
        assertEquals(0.0, mixture.rewardScores(three).scores().get(1).value(), 0.0);
        mixture = mixture.withState(mixture.rewardScores(three).after());
        batch[0] = 1;
        // Mean 3, variance (4 + 1 + 9) / 3.
        double sd = Math.sqrt(14.0 / 3);
        RewardScores first = mixture.rewardScores(three);
        assertEquals(-2 / sd, first.scores().get(0).value(), 1e-12);
        ObjectMapper json = new ObjectMapper();
        MixtureState read = json.readValue(json.writeValueAsString(first.after()), MixtureState.class);
        assertEquals(first.after(), read);
        batch[0] = 2;
        assertEquals(
                103 / sd,
                mixture.withState(read).rewardScores(three).scores().get(2).value(),
                1e-12);
        assertEquals(
                Map.of(),
                json.readValue("{\"step\": 1, \"moments\": {}}", MixtureState.class)
                        .first());
    }

    @Test
    void aResumedMixtureScoresLikeAnUninterruptedOne() throws JsonProcessingException {
        SplittableRandom random = new SplittableRandom(9);
        double[] stream = random.doubles(60).toArray();
        int[] next = {0};
        RewardModel reward = TestRewards.of("a", batch -> batch.stream()
                .map(sample -> Score.of(stream[next[0]++ % stream.length], "drawn"))
                .toList());
        Mixture uninterrupted = stopping(running(reward));
        for (int step = 0; step < 10; step++) {
            uninterrupted =
                    uninterrupted.withState(uninterrupted.rewardScores(three).after());
        }
        ObjectMapper json = new ObjectMapper();
        String saved = json.writeValueAsString(uninterrupted.state());
        Mixture resumed = stopping(running(reward)).withState(json.readValue(saved, MixtureState.class));
        next[0] = 30;
        List<Score> expected = uninterrupted.score(three);
        next[0] = 30;
        assertEquals(expected, resumed.score(three));
        assertEquals(10, resumed.state().step());
    }

    @Test
    void failuresStopOrAreSkipped() {
        List<Member> members = List.of(
                Member.of(TestRewards.fixed("good", 1.0, 2.0, 3.0), 1.0),
                Member.of(TestRewards.fixed("bad", 1.0, Double.NaN, 1.0), 1.0));
        assertEquals(
                "reward bad returned NaN for sample 1, but must be finite or abstain",
                assertThrows(RewardFailure.class, () -> Mixture.of(members, OnFailure.STOP)
                                .rewardScores(three))
                        .getMessage());
        RewardScores skipped = Mixture.of(members, OnFailure.SKIP).rewardScores(three);
        assertValues(skipped, 2.0, 4.0, 4.0);
        assertEquals(1, skipped.failures().size());
        assertEquals("bad", skipped.failures().get(0).id());
        assertEquals(2, skipped.after().moments().get("bad").count());
        assertEquals(1.0, skipped.named().get("rewards/bad/failures"), 0.0);
        assertEquals(0.0, skipped.named().get("rewards/good/failures"), 0.0);
    }

    @Test
    void refusesWhatMakesNoSense() {
        RewardModel a = TestRewards.fixed("a", 1.0);
        assertRefused("rewards is empty, but there must be at least one", () -> stopping());
        assertRefused(
                "rewards has two members with the id a, but metrics must tell them apart; give one an id",
                () -> stopping(Member.of(a, 1), Member.of(a, 2)));
        assertRefused("weight is -1.0, but must be at least 0 and finite", () -> Member.of(a, -1));
        assertRefused("weight is NaN, but must be at least 0 and finite", () -> Member.of(a, Double.NaN));
        assertRefused(
                "id is \"a b\", but must consist of letters, digits, dots, dashes and underscores",
                () -> Member.of(TestRewards.fixed("a b", 1.0), 1));
        assertRefused("the state knows a reward b, but the mixture has only a", () -> stopping(Member.of(a, 1))
                .withState(new MixtureState(1, Map.of("b", RunningMoments.NONE), Map.of())));
        assertRefused("step is -1, but must be at least 0", () -> new MixtureState(-1, Map.of(), Map.of()));
        assertRefused("from is -1.0, but must be at least 0 and finite", () -> new Linear(-1, 1, 0, 1));
        assertRefused(
                "startStep is 5 and endStep is 5, but must satisfy 0 <= startStep < endStep",
                () -> new Linear(0, 1, 5, 5));
    }

    private static Mixture stopping(Member... members) {
        return Mixture.of(List.of(members), OnFailure.STOP);
    }

    private static Member quality(RewardModel reward, double weight) {
        return new Member(reward, weight, new Constant(), new FixedRange(1, 5), new Bounds(0, 1.5));
    }

    private static Member running(RewardModel reward) {
        return new Member(reward, 1.0, new Constant(), new Running(), Bounds.defaults());
    }

    private static void assertValues(RewardScores rewardScores, double... expected) {
        assertEquals(expected.length, rewardScores.scores().size());
        for (int i = 0; i < expected.length; i++) {
            double parts = 0.0;
            for (MemberScores member : rewardScores.members()) {
                parts += member.abstains(i) ? 0.0 : member.weighted(i);
            }
            assertEquals(expected[i], rewardScores.scores().get(i).value(), TOLERANCE);
            assertEquals(expected[i], parts, TOLERANCE);
        }
    }

    private static void assertRefused(String message, Runnable refused) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, refused::run).getMessage());
    }
}
