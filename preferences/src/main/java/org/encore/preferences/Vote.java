package org.encore.preferences;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What one rater said about one pair.
 *
 * @param prompt what both clips were made for; empty if nothing was asked
 * @param a one clip
 * @param b the other clip
 * @param preferred the opinion
 * @param rater a pseudonym, the same for all votes of one rater
 * @param time when the vote was given, if that is known
 */
public record Vote(String prompt, Side a, Side b, Preference preferred, String rater, Optional<Instant> time) {
    public Vote {
        Objects.requireNonNull(prompt, "prompt");
        Objects.requireNonNull(a, "a");
        Objects.requireNonNull(b, "b");
        Objects.requireNonNull(preferred, "preferred");
        Objects.requireNonNull(time, "time");
        if (rater.isBlank()) {
            throw new IllegalArgumentException("rater is blank, but must name who judged, by a pseudonym");
        }
    }
}
