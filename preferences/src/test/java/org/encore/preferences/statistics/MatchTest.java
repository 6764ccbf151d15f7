package org.encore.preferences.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.encore.preferences.Preference;
import org.encore.preferences.Vote;
import org.encore.preferences.Vote.RatedClip;
import org.junit.jupiter.api.Test;

final class MatchTest {
    private static Vote vote(String a, String b, Preference preferred) {
        return new Vote("", side(a), side(b), preferred, "r", Optional.empty());
    }

    private static RatedClip side(String system) {
        return new RatedClip(Path.of(""), system, OptionalDouble.empty());
    }

    /** Whichever side a system stands on; skipped votes and a system against itself count nowhere. */
    @Test
    void votesOfBothOrdersAreOneMatch() {
        List<Match> matches = Match.of(
                List.of(
                        vote("new", "old", Preference.A),
                        vote("old", "new", Preference.B),
                        vote("new", "old", Preference.B),
                        vote("old", "new", Preference.BOTH_BAD),
                        vote("old", "new", Preference.TIE),
                        vote("old", "new", Preference.SKIP),
                        vote("old", "old", Preference.A),
                        vote("old", "third", Preference.A)),
                Contest.By.SYSTEM);
        assertEquals(List.of(new Match("new", "old", 2, 2, 1), new Match("old", "third", 1, 0, 0)), matches);
        assertEquals(2.0 / 3.0, matches.get(0).winRate().value(), 1e-12);
        assertEquals(new Match("old", "new", 1, 2, 2), matches.get(0).reversed());
    }
}
