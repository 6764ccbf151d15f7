package org.encore.preferences;

import java.util.OptionalDouble;
import java.util.Set;
import org.encore.base.settings.Checks;

/**
 * Selects votes.
 *
 * <p>The paper keeps votes of users who listened to both clips (MusicRL, section 4.2). Votes without listening times
 * fail any condition on listening.
 *
 * @param bothHeard whether the rater must have heard some of each clip
 * @param atLeastSeconds least listening time of each clip, at least 0; 0 for no condition
 * @param raters pseudonyms of the selected raters; all if empty
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

    /** Whether a vote is selected. */
    public boolean keeps(Vote vote) {
        return listened(vote.a().listenedSeconds())
                && listened(vote.b().listenedSeconds())
                && (raters.isEmpty() || raters.contains(vote.rater()));
    }

    private boolean listened(OptionalDouble listenedSeconds) {
        double seconds = listenedSeconds.orElse(0.0);
        return (!bothHeard || seconds > 0.0) && seconds >= atLeastSeconds;
    }
}
