package org.encore.rewards.mixture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.encore.rewards.Explanation;
import org.encore.rewards.Explanation.Origin;
import org.encore.rewards.Sample;
import org.encore.rewards.Score;
import org.encore.rewards.TestRewards;
import org.encore.rewards.mixture.Mixture.Member;
import org.encore.rewards.mixture.Mixture.OnFailure;
import org.encore.rewards.mixture.Normaliser.Bounds;
import org.encore.rewards.mixture.Normaliser.FixedRange;
import org.encore.rewards.mixture.Normaliser.Identity;
import org.encore.rewards.mixture.Normaliser.ReferenceDistribution;
import org.encore.rewards.mixture.Normaliser.Running;
import org.encore.rewards.mixture.RewardScores.MemberScores;
import org.encore.rewards.mixture.WeightSchedule.Constant;
import org.encore.rewards.mixture.WeightSchedule.Linear;
import org.junit.jupiter.api.Test;

/** Whatever is mixed, scores are the sum of what their explanations and the columns of the rewards say. */
class RandomMixturesTest {
    private static final int MIXTURES = 200;
    private static final int BATCHES = 3;
    private static final int SAMPLES = 8;
    private static final double TOLERANCE = 1e-9;

    private final SplittableRandom random = new SplittableRandom(17);
    private int scored;
    private int abstained;

    @Test
    void leavesAddUpToTheTotal() {
        List<Sample> batch = TestRewards.silence(SAMPLES);
        for (int i = 0; i < MIXTURES; i++) {
            Mixture mixture = mixture(1 + i % 4);
            for (int step = 0; step < BATCHES; step++) {
                RewardScores rewardScores = mixture.rewardScores(batch);
                check(rewardScores);
                mixture = mixture.withState(rewardScores.after());
            }
        }
        // Both sides of the rule for abstentions were seen, again and again.
        assertTrue(scored > 1000 && abstained > 100, scored + " judged, " + abstained + " not");
    }

    private void check(RewardScores rewardScores) {
        double sum = 0.0;
        int count = 0;
        for (int i = 0; i < SAMPLES; i++) {
            Score total = rewardScores.scores().get(i);
            if (total.abstains()) {
                abstained++;
                continue;
            }
            scored++;
            assertTrue(total.explanation().addsUp(TOLERANCE), total.explanation()::outline);
            assertEquals(total.value(), contributions(total.explanation()), TOLERANCE);
            assertEquals(total.value(), columns(rewardScores, i), TOLERANCE);
            sum += total.value();
            count++;
        }
        double means = 0.0;
        for (MemberScores member : rewardScores.members()) {
            means += rewardScores.named().getOrDefault("rewards/" + member.id() + "/weighted_mean", 0.0);
        }
        assertEquals(count == 0 ? 0.0 : sum / count, means, TOLERANCE);
    }

    /** The contributions at the leaves: each weight times the score that stands beside it. */
    private static double contributions(Explanation node) {
        if (node.origin() == Origin.SUM) {
            return node.details().stream()
                    .mapToDouble(RandomMixturesTest::contributions)
                    .sum();
        }
        assertEquals(Origin.PRODUCT, node.origin());
        return node.details().get(0).value() * node.details().get(1).value();
    }

    private static double columns(RewardScores rewardScores, int sample) {
        double sum = 0.0;
        for (MemberScores member : rewardScores.members()) {
            sum += member.abstains(sample) ? 0.0 : member.weighted(sample);
        }
        return sum;
    }

    private Mixture mixture(int rewards) {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < rewards; i++) {
            double abstains = random.nextDouble(0.6);
            double scale = Math.exp(random.nextDouble(-3.0, 3.0));
            members.add(new Member(
                    TestRewards.of("r" + i, batch -> batch.stream()
                            .map(sample -> random.nextDouble() < abstains
                                    ? Score.abstention("by chance")
                                    : Score.of(random.nextDouble(-scale, scale), "by chance"))
                            .toList()),
                    random.nextInt(5) == 0 ? 0.0 : random.nextDouble(3.0),
                    random.nextBoolean() ? new Constant() : new Linear(random.nextDouble(), random.nextDouble(), 0, 2),
                    normaliser(),
                    random.nextBoolean() ? Bounds.defaults() : new Bounds(-random.nextDouble(), random.nextDouble())));
        }
        return Mixture.of(members, OnFailure.STOP);
    }

    private Normaliser normaliser() {
        return switch (random.nextInt(4)) {
            case 0 -> new Identity();
            case 1 -> new FixedRange(-1.0, random.nextDouble(3.0));
            case 2 -> new ReferenceDistribution(random.nextDouble(), 0.1 + random.nextDouble());
            default -> new Running();
        };
    }
}
