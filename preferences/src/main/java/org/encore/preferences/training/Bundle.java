package org.encore.preferences.training;

import java.util.List;
import org.encore.preferences.comparisons.Comparison;

/**
 * Votes on few clips that are read together: every clip once, however many votes are about it.
 *
 * @param clips numbers of the clips
 * @param votes whose a and b are places among {@code clips}
 */
record Bundle(List<Integer> clips, List<Comparison> votes) {
    Bundle {
        clips = List.copyOf(clips);
        votes = List.copyOf(votes);
    }
}
