package org.encore.rewards.rules;

import org.encore.music.Piece;
import org.encore.rewards.Explanation;
import org.encore.rewards.Sample;
import org.encore.rewards.SampleReward;
import org.encore.rewards.Score;

/**
 * Rewards clips that are neither too short nor too long: 1 within the bounds, the ratio to the nearer bound beyond
 * them.
 *
 * <p>Length is the moment the last note ends, or that of the sound where notes are not known.
 *
 * @param id the name in metrics
 * @param atLeastSeconds the shortest length that earns 1, above 0
 * @param atMostSeconds the longest length that earns 1, at least {@code atLeastSeconds}
 */
public record Length(String id, double atLeastSeconds, double atMostSeconds) implements SampleReward {
    public Length {
        requireValid(atLeastSeconds, atMostSeconds);
    }

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if they make no sense
     */
    public static void requireValid(double atLeastSeconds, double atMostSeconds) {
        if (!(atLeastSeconds > 0.0 && atLeastSeconds <= atMostSeconds && atMostSeconds < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("atLeastSeconds is " + atLeastSeconds + " and atMostSeconds is "
                    + atMostSeconds + ", but must satisfy 0 < atLeastSeconds <= atMostSeconds");
        }
    }

    @Override
    public Score score(Sample sample) {
        double seconds = sample.clip().piece().map(Piece::seconds).orElseGet(() -> sample.clip()
                .waveform()
                .seconds());
        double value = Math.min(1.0, Math.min(seconds / atLeastSeconds, atMostSeconds / Math.max(seconds, 1e-9)));
        return Score.of(Explanation.derived(
                value,
                "length against [" + atLeastSeconds + ", " + atMostSeconds + "] s",
                Explanation.leaf(seconds, "seconds")));
    }
}
