package org.encore.rewards.mixture;

import java.util.Arrays;
import java.util.List;
import org.encore.rewards.Explanation;
import org.encore.rewards.Score;
import org.encore.rewards.normalise.RunningMoments;

/** The scores of one member while a batch is being judged. */
final class Column {
    private final Member member;
    private final double weight;
    private final List<Score> scores;
    private final double[] normalised;
    private final double[] weighted;

    Column(Member member, double weight, List<Score> scores, RunningMoments observed) {
        this.member = member;
        this.weight = weight;
        this.scores = scores;
        this.normalised = new double[scores.size()];
        this.weighted = new double[scores.size()];
        Arrays.fill(weighted, Double.NaN);
        for (int i = 0; i < normalised.length; i++) {
            normalised[i] = abstains(i) ? Double.NaN : normalised(scores.get(i).value(), observed);
        }
    }

    double weight() {
        return weight;
    }

    boolean abstains(int sample) {
        return scores.get(sample).abstains();
    }

    /** Weighs a score, keeps the result, and explains it. */
    Explanation weighted(int sample, double share) {
        Explanation part = Explanation.product(
                member.id(),
                Explanation.leaf(weight * share, share == 1.0 ? "weight" : "weight, with that of abstaining rewards"),
                Explanation.derived(
                        normalised[sample],
                        "score, " + member.normaliser().description(),
                        scores.get(sample).explanation()));
        weighted[sample] = part.value();
        return part;
    }

    MemberScores toScores() {
        return new MemberScores(member.id(), weight, scores, normalised, weighted);
    }

    private double normalised(double raw, RunningMoments observed) {
        return member.clip().clipped(member.normaliser().normalised(raw, observed));
    }
}
