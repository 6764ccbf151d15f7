package org.encore.rewards.quality.raters;

import java.util.Arrays;
import java.util.List;
import org.encore.music.Piece;
import org.encore.music.audio.Waveform;
import org.encore.music.degradation.Damage;

/**
 * A damaged clip and what raters said about it.
 *
 * @param piece the notes as they sound
 * @param sound the damage of sound included
 * @param damage what was done
 * @param opinion what the clip is worth by the curve; an estimator never sees it
 * @param ratings what raters said, whole numbers from 1 to 5
 */
public record RatedClip(Piece piece, Waveform sound, Damage damage, double opinion, List<Integer> ratings) {
    public RatedClip {
        ratings = List.copyOf(ratings);
    }

    static RatedClip of(Piece piece, Waveform sound, Damage damage, double opinion, int[] ratings) {
        return new RatedClip(
                piece, sound, damage, opinion, Arrays.stream(ratings).boxed().toList());
    }

    /** The mean opinion score: that of the ratings. */
    public double meanRating() {
        return ratings.stream().mapToInt(Integer::intValue).average().orElseThrow();
    }
}
