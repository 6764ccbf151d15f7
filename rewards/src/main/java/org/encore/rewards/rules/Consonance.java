package org.encore.rewards.rules;

import org.encore.music.Piece;
import org.encore.music.analysis.MusicalMeasures;
import org.encore.rewards.Explanation;
import org.encore.rewards.Sample;
import org.encore.rewards.SampleReward;
import org.encore.rewards.Score;

/**
 * Rewards the share of sounding together that is consonant, in [0, 1]; a clip without notes earns 0.
 *
 * <p>A lone voice earns 1, because nothing in it clashes: mix this with a reward that asks for more.
 *
 * @param id the name in metrics
 */
public record Consonance(String id) implements SampleReward {
    @Override
    public Score score(Sample sample) {
        return sample.clip()
                .piece()
                .map(Consonance::score)
                .orElseGet(() -> Score.abstention("the clip is sound alone"));
    }

    private static Score score(Piece piece) {
        if (piece.notes().isEmpty()) {
            return Score.of(0.0, "no notes");
        }
        double consonance = MusicalMeasures.of(piece).consonance();
        return Score.of(Explanation.leaf(consonance, "share of consonance in all that sounds together"));
    }
}
