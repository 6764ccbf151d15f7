package org.encore.rewards.mixture;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.encore.rewards.RewardFailure;
import org.encore.rewards.Score;

/**
 * What a mixture says about a batch.
 *
 * @param scores the totals, in the order of the samples; an abstention where no reward had anything to say
 * @param members what each reward contributed, in the order of the mixture
 * @param failures breaches of contract that were skipped
 * @param after the state for the next batch
 */
public record Judgement(
        List<Score> scores, List<MemberScores> members, List<RewardFailure> failures, MixtureState after) {
    public Judgement {
        scores = List.copyOf(scores);
        members = List.copyOf(members);
        failures = List.copyOf(failures);
    }

    /**
     * The figures of all members under their metric names.
     *
     * <p>Besides those of {@link MemberScores#named}: {@code rewards/<id>/weighted_mean}, what a reward contributed to
     * the total, over the samples that have a total, where abstaining contributes 0, so that these add up to the mean
     * total; missing where no sample has one. {@code rewards/<id>/failures}, breaches of contract that were skipped.
     */
    public Map<String, Double> named() {
        Map<String, Double> named = new TreeMap<>();
        int[] judged = IntStream.range(0, scores.size())
                .filter(i -> !scores.get(i).abstains())
                .toArray();
        for (MemberScores member : members) {
            named.putAll(member.named());
            named.put("rewards/" + member.id() + "/failures", (double) failures.stream()
                    .filter(failure -> failure.id().equals(member.id()))
                    .count());
            IntStream.of(judged)
                    .mapToDouble(i -> member.abstains(i) ? 0.0 : member.weighted(i))
                    .average()
                    .ifPresent(mean -> named.put("rewards/" + member.id() + "/weighted_mean", mean));
        }
        return named;
    }
}
