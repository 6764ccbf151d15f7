package org.encore.preferences.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.encore.preferences.Preference;
import org.encore.preferences.Vote;
import org.encore.preferences.Vote.RatedClip;
import org.encore.preferences.statistics.Contest.Match;
import org.encore.statistics.Interval;
import org.encore.statistics.RaterAgreement;
import org.junit.jupiter.api.Test;

final class ContestTest {
    static Vote vote(String a, String b, Preference preferred, String rater) {
        return new Vote("", RatedClip.of(Path.of(a)), RatedClip.of(Path.of(b)), preferred, rater, Optional.empty());
    }

    /**
     * Six pairs judged by two raters who never tie and agree on five: agreement 5/6 and, with chance at 1/2, kappa 2/3.
     * One of the pairs was shown to the second rater with the names exchanged.
     */
    @Test
    void pairsCountInBothOrders() {
        List<Vote> votes = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            votes.add(vote("x" + i, "y" + i, Preference.A, "one"));
            votes.add(
                    i == 0
                            ? vote("y0", "x0", Preference.B, "two")
                            : vote("x" + i, "y" + i, i == 5 ? Preference.B : Preference.A, "two"));
        }
        votes.add(vote("x9", "y9", Preference.A, "one"));
        votes.add(vote("x5", "y5", Preference.SKIP, "three"));
        RaterAgreement agreement = RaterAgreement.of(Contest.outcomesByPair(votes));
        assertEquals(6, agreement.sharedPairs());
        assertEquals(5.0 / 6.0, agreement.agreement(), 1e-12);
        assertEquals(2.0 / 3.0, agreement.kappa(), 1e-12);
        // 24 values, half of them 1: observed 2 couples of distance 4 each way of 24, expected 12 * 12 * 2 * 4 / 23 of
        // 24.
        assertEquals(1.0 - 2.0 * 2.0 * 4.0 / (12.0 * 12.0 * 2.0 * 4.0 / 23.0), agreement.alpha(), 1e-12);
    }

    /** Both of a rater's votes are kept: against each other they are no preference, two against one are one. */
    @Test
    void contradictionsAreCounted() {
        List<Vote> votes = List.of(
                vote("x", "y", Preference.A, "one"),
                vote("y", "x", Preference.A, "one"),
                vote("x", "y", Preference.A, "two"),
                vote("x", "y", Preference.TIE, "two"),
                vote("x", "z", Preference.A, "two"),
                vote("x", "z", Preference.B, "two"),
                vote("x", "z", Preference.A, "two"));
        assertEquals(2, Contest.contradictions(votes));
        assertEquals(List.of(Map.of("one", 0, "two", 1), Map.of("two", 1)), Contest.outcomesByPair(votes));
        assertEquals(7, Contest.of(votes, Contest.By.CLIP).games().size());
    }

    /** A vote on a clip and itself counts in no figure. */
    @Test
    void aClipComparedWithItselfCountsNowhere() {
        List<Vote> votes = List.of(vote("x", "x", Preference.A, "one"), vote("x", "x", Preference.B, "two"));
        assertEquals(List.of(), Contest.outcomesByPair(votes));
        assertEquals(0, Contest.of(votes, Contest.By.CLIP).games().size());
        assertEquals(0, Contest.contradictions(votes));
        assertEquals(0, PositionBias.of(votes).strict());
        Vote systems = new Vote(
                "",
                new RatedClip(Path.of("x"), "new", OptionalDouble.empty(), OptionalDouble.of(5)),
                new RatedClip(Path.of("x"), "old", OptionalDouble.empty(), OptionalDouble.of(1)),
                Preference.A,
                "r",
                Optional.empty());
        assertEquals(List.of(), Match.of(List.of(systems), Contest.By.SYSTEM));
        assertEquals(0, RatingReport.of(List.of(systems)).votes());
    }

    @Test
    void withoutSharedPairsAgreementIsUndefined() {
        RaterAgreement agreement =
                RaterAgreement.of(Contest.outcomesByPair(List.of(vote("x", "y", Preference.A, "one"))));
        assertEquals(0, agreement.sharedPairs());
        assertTrue(Double.isNaN(agreement.agreement()) && Double.isNaN(agreement.kappa()));
        assertTrue(Double.isNaN(agreement.alpha()));
    }

    private static Vote game(String a, String b, Preference preferred) {
        return new Vote("", system(a), system(b), preferred, "r", Optional.empty());
    }

    private static RatedClip system(String name) {
        return new RatedClip(Path.of(""), name, OptionalDouble.empty());
    }

    /** Whichever side a system stands on; skipped votes and a system against itself count nowhere. */
    @Test
    void votesOfBothOrdersAreOneMatch() {
        List<Match> matches = Match.of(
                List.of(
                        game("new", "old", Preference.A),
                        game("old", "new", Preference.B),
                        game("new", "old", Preference.B),
                        game("old", "new", Preference.BOTH_BAD),
                        game("old", "new", Preference.TIE),
                        game("old", "new", Preference.SKIP),
                        game("old", "old", Preference.A),
                        game("old", "third", Preference.A)),
                Contest.By.SYSTEM);
        assertEquals(
                List.of(
                        new Match("new", "old", 2, 2, 1, Interval.ofShare(2, 3)),
                        new Match("old", "third", 1, 0, 0, Interval.ofShare(1, 1))),
                matches);
        Match reversed = matches.get(0).reversed();
        assertEquals(
                List.of("old", "new", 1, 2, 2),
                List.of(reversed.first(), reversed.second(), reversed.wins(), reversed.ties(), reversed.losses()));
        assertEquals(Interval.ofShare(1, 3).low(), reversed.winRate().low(), 1e-12);
    }
}
