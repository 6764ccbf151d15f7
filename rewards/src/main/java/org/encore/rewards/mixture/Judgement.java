package org.encore.rewards.mixture;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

    /** The figures of all members under their metric names. */
    public Map<String, Double> named() {
        Map<String, Double> named = new TreeMap<>();
        members.forEach(member -> named.putAll(member.named()));
        return named;
    }
}
