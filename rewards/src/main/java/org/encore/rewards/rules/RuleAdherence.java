package org.encore.rewards.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.encore.music.Piece;
import org.encore.music.analysis.Adherence;
import org.encore.rewards.Explanation;
import org.encore.rewards.Sample;
import org.encore.rewards.SampleReward;
import org.encore.rewards.Score;

/**
 * Rewards clips that do what their prompt mentions: the mean score over the aspects mentioned, in [0, 1].
 *
 * <p>Abstains where the prompt mentions nothing that can be checked, and where the clip is sound alone.
 *
 * @param id the name in metrics
 */
public record RuleAdherence(String id) implements SampleReward {
    @Override
    public Score score(Sample sample) {
        if (sample.prompt().attributes().mentioned().isEmpty()) {
            return Score.abstention("the prompt mentions nothing that rules can check");
        }
        return sample.clip()
                .piece()
                .map(piece -> score(sample, piece))
                .orElseGet(() -> Score.abstention("the clip is sound alone"));
    }

    private static Score score(Sample sample, Piece piece) {
        Adherence adherence = Adherence.of(sample.prompt().attributes(), piece);
        double share = 1.0 / adherence.verdicts().size();
        List<Explanation> parts = new ArrayList<>();
        adherence.verdicts().forEach((aspect, verdict) -> {
            String name = aspect.name().toLowerCase(Locale.ROOT);
            parts.add(Explanation.product(
                    name, Explanation.leaf(share, "share"), Explanation.leaf(verdict.score(), verdict.explanation())));
        });
        return Score.of(Explanation.sum("mean over the aspects mentioned", parts));
    }
}
