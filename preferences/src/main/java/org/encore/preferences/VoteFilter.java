package org.encore.preferences;

import java.util.OptionalDouble;
import java.util.Set;
import org.encore.base.settings.Checks;

/**
 * Which votes count.
 *
 * <p>The paper kept the votes of users who had listened to both clips (section 4.2 of MusicRL); without times of
 * listening nobody can tell, so such votes are left out as soon as listening is asked for.
 *
 * @param bothHeard whether the rater must have heard something of either clip
 * @param atLeastSeconds how long the rater must have heard either clip, at least 0; 0 asks for nothing
 * @param raters pseudonyms of the raters that count; all if empty
 */
public record VoteFilter(boolean bothHeard, double atLeastSeconds, Set<String> raters) {
    public VoteFilter {
        Checks.atLeast("atLeastSeconds", atLeastSeconds, 0.0);
        raters = Set.copyOf(raters);
    }

    /** Keeps everything. */
    public static VoteFilter none() {
        return new VoteFilter(false, 0.0, Set.of());
    }

    /** Whether a vote counts. */
    public boolean keeps(Vote vote) {
        return hears(vote.a().listenedSeconds())
                && hears(vote.b().listenedSeconds())
                && (raters.isEmpty() || raters.contains(vote.rater()));
    }

    private boolean hears(OptionalDouble listenedSeconds) {
        double seconds = listenedSeconds.orElse(0.0);
        return (!bothHeard || seconds > 0.0) && seconds >= atLeastSeconds;
    }
}
