package org.encore.rewards.quality.raters;

import java.util.Arrays;
import java.util.List;

/**
 * What raters said about a clip.
 *
 * @param opinion what the clip is worth by the curve; an estimator never sees it
 * @param ratings what raters said, whole numbers from 1 to 5
 */
public record Verdict(double opinion, List<Integer> ratings) {
    public Verdict {
        ratings = List.copyOf(ratings);
    }

    static Verdict of(double opinion, int[] ratings) {
        return new Verdict(opinion, Arrays.stream(ratings).boxed().toList());
    }

    /** The mean opinion score: that of the ratings. */
    public double meanRating() {
        return ratings.stream().mapToInt(Integer::intValue).average().orElseThrow();
    }
}
