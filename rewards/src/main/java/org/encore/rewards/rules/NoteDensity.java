package org.encore.rewards.rules;

import org.encore.music.Piece;
import org.encore.music.analysis.MusicalMeasures;
import org.encore.rewards.Explanation;
import org.encore.rewards.Sample;
import org.encore.rewards.SampleReward;
import org.encore.rewards.Score;

/**
 * Rewards a number of notes a second: the ratio of the lesser to the greater of wanted and heard, in [0, 1].
 *
 * @param id the name in metrics
 * @param notesPerSecond the number that earns 1, above 0
 */
public record NoteDensity(String id, double notesPerSecond) implements SampleReward {
    public NoteDensity {
        requireValid(notesPerSecond);
    }

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if they make no sense
     */
    public static void requireValid(double notesPerSecond) {
        if (!(notesPerSecond > 0.0 && notesPerSecond < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "notesPerSecond is " + notesPerSecond + ", but must be above 0 and finite");
        }
    }

    @Override
    public Score score(Sample sample) {
        return sample.clip().piece().map(this::score).orElseGet(() -> Score.abstention("the clip is sound alone"));
    }

    private Score score(Piece piece) {
        double heard = MusicalMeasures.of(piece).notesPerSecond();
        double ratio = Math.min(heard, notesPerSecond) / Math.max(heard, notesPerSecond);
        return Score.of(Explanation.derived(
                ratio, "density against " + notesPerSecond, Explanation.leaf(heard, "notes a second")));
    }
}
