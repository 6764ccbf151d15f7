package org.encore.preferences.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.preferences.comparisons.ComparisonSet.Comparison;
import org.encore.preferences.training.Bundling.Bundle;
import org.encore.preferences.training.Bundling.BundleOrder;
import org.junit.jupiter.api.Test;

final class BundlingTest {
    private static final int CLIPS = 40;

    private static int[] lengths(int clips) {
        return IntStream.range(0, clips).map(clip -> 10 + 7 * clip % 13).toArray();
    }

    /** Any two of 40 clips, 300 times. */
    private static List<Comparison> votes() {
        RandomGenerator random = new RandomStreams(3).stream(Purpose.NOISE);
        List<Comparison> votes = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            int a = random.nextInt(CLIPS);
            votes.add(new Comparison(a, (a + 1 + random.nextInt(CLIPS - 1)) % CLIPS, i % 3 - 1, "rater " + i));
        }
        return votes;
    }

    /** The votes of bundles with the clips' own numbers, by rater: each rater votes once. */
    private static List<Comparison> untied(List<Bundle> bundles) {
        List<Comparison> untied = new ArrayList<>();
        for (Bundle bundle : bundles) {
            for (Comparison vote : bundle.votes()) {
                untied.add(new Comparison(
                        bundle.clips().get(vote.a()), bundle.clips().get(vote.b()), vote.outcome(), vote.rater()));
            }
        }
        untied.sort((x, y) -> x.rater().compareTo(y.rater()));
        return untied;
    }

    @Test
    void everyVoteIsInOneBundleAndNoBundleIsTooLarge() {
        for (int most : new int[] {2, 3, 8, 64}) {
            List<Bundle> bundles = Bundling.of(votes(), most, lengths(CLIPS));
            List<Comparison> expected = new ArrayList<>(votes());
            expected.sort((x, y) -> x.rater().compareTo(y.rater()));
            assertEquals(expected, untied(bundles), "at most " + most);
            for (Bundle bundle : bundles) {
                assertTrue(bundle.clips().size() <= most, bundle.toString());
                assertEquals(
                        bundle.clips().size(),
                        bundle.clips().stream().distinct().count());
            }
        }
        assertEquals(1, Bundling.of(votes(), CLIPS, lengths(CLIPS)).size());
    }

    /** Three prompts of four clips, all six pairs of each: three bundles of four, whichever order the votes come in. */
    @Test
    void clipsThatMeetOftenComeTogether() {
        List<Comparison> votes = new ArrayList<>();
        for (int b = 0; b < 12; b++) {
            for (int a = 0; a < b; a++) {
                if (a % 3 == b % 3) {
                    votes.add(new Comparison(a, b, 1, "r"));
                }
            }
        }
        List<Bundle> bundles = Bundling.of(votes, 4, lengths(12));
        assertEquals(3, bundles.size());
        for (Bundle bundle : bundles) {
            assertEquals(6, bundle.votes().size());
            assertEquals(
                    1, bundle.clips().stream().map(clip -> clip % 3).distinct().count());
        }
    }

    /** Votes that share no clip are filled up with others of similar length. */
    @Test
    void pairsAloneStandBesidePairsOfTheirLength() {
        List<Comparison> votes = IntStream.range(0, 4)
                .mapToObj(i -> new Comparison(2 * i, 2 * i + 1, 1, "r"))
                .toList();
        List<Bundle> bundles = Bundling.of(votes, 5, new int[] {9, 9, 50, 50, 9, 9, 50, 40});
        assertEquals(
                List.of(List.of(2, 3, 6, 7), List.of(0, 1, 4, 5)),
                bundles.stream().map(Bundle::clips).toList());
    }

    @Test
    void everyPassHoldsEveryBundleOnceInAnOrderOfItsOwn() {
        List<Bundle> bundles = IntStream.range(0, 12)
                .mapToObj(i -> new Bundle(List.of(i, i + 1), List.of(new Comparison(0, 1, 1, "r"))))
                .toList();
        BundleOrder order = new BundleOrder(new RandomStreams(1), bundles, 4);
        List<Bundle> first = new ArrayList<>();
        List<Bundle> second = new ArrayList<>();
        for (int step = 1; step <= 3; step++) {
            assertEquals(4, order.batch(step).size());
            first.addAll(order.batch(step));
            second.addAll(order.batch(step + 3));
        }
        assertNotEquals(first, second);
        assertEquals(first.subList(4, 8), new BundleOrder(new RandomStreams(1), bundles, 4).batch(2));
        for (List<Bundle> pass : List.of(first, second)) {
            int[] starts =
                    pass.stream().mapToInt(each -> each.clips().get(0)).sorted().toArray();
            assertEquals(Arrays.toString(IntStream.range(0, 12).toArray()), Arrays.toString(starts));
        }
    }
}
