package org.encore.preferences.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.preferences.Preference;
import org.encore.preferences.Vote;
import org.encore.preferences.Vote.RatedClip;
import org.junit.jupiter.api.Test;

final class PositionBiasTest {
    private static RatedClip side(String system) {
        return new RatedClip(Path.of(""), system, OptionalDouble.empty());
    }

    private static Vote vote(String first, String second, Preference preferred, String rater) {
        return new Vote("a waltz", side(first), side(second), preferred, rater, Optional.empty());
    }

    /** Twelve raters with 20 votes each on a system that wins in 70 %, sides by chance; one may always take the first. */
    private static List<Vote> votes(int seed, boolean lazy) {
        RandomGenerator random = new RandomStreams(seed).stream(Purpose.RATING);
        List<Vote> votes = new ArrayList<>();
        for (int rater = 0; rater < 12; rater++) {
            for (int i = 0; i < 20; i++) {
                boolean better = random.nextDouble() < 0.7;
                boolean front = random.nextBoolean();
                Preference preferred = random.nextDouble() < 0.2
                        ? Preference.TIE
                        : better == front || (lazy && rater == 3) ? Preference.A : Preference.B;
                votes.add(vote(front ? "new" : "old", front ? "old" : "new", preferred, "r" + rater));
            }
        }
        return votes;
    }

    /** By hand: of 8 strict votes all for the first, twice 1/256, the more cautious of two tests; ties say nothing. */
    @Test
    void tiesAreNoSign() {
        List<Vote> votes = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            votes.add(vote(i % 2 == 0 ? "new" : "old", i % 2 == 0 ? "old" : "new", Preference.A, "one"));
            votes.add(vote("new", "old", Preference.TIE, "one"));
            votes.add(vote("new", "old", Preference.BOTH_BAD, "one"));
        }
        PositionBias bias = PositionBias.of(votes);
        assertEquals(List.of(8, 8, 0), List.of(bias.first(), bias.strict(), bias.unfair()));
        assertEquals(2 * 2.0 / 256, bias.corrected(), 1e-12);
        assertEquals(2, bias.alarms().size());
    }

    /** A judge who always takes the left clip is named, and honest ones hardly ever are. */
    @Test
    void aJudgeOfPlacesIsSeenAndCleanVotesRaiseNoAlarm() {
        int alarms = 0;
        int seen = 0;
        for (int run = 0; run < 1000; run++) {
            alarms += PositionBias.of(votes(run, false)).alarms().isEmpty() ? 0 : 1;
            seen += PositionBias.of(votes(run, true)).alarms().stream().anyMatch(alarm -> alarm.startsWith("rater r3 "))
                    ? 1
                    : 0;
        }
        assertTrue(alarms <= 70, alarms + " alarms in 1,000 clean sets of votes");
        assertTrue(seen >= 980, "only " + seen + " of 1,000 judges of places were seen");
    }

    /** Where the better system is always first, its wins are no bias. */
    @Test
    void sidesThatWereNotDealtByChanceAreLeftOut() {
        List<Vote> votes = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            votes.add(vote("new", "old", i % 10 == 0 ? Preference.B : Preference.A, "r" + i % 4));
        }
        PositionBias bias = PositionBias.of(votes);
        assertEquals(List.of(0, 0, 40), List.of(bias.first(), bias.strict(), bias.unfair()));
        assertEquals(List.of(), bias.alarms());
    }
}
