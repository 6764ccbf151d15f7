package org.encore.preferences.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.encore.preferences.Preference;
import org.encore.preferences.Vote;
import org.encore.preferences.Vote.RatedClip;
import org.encore.statistics.CohenKappa;
import org.encore.statistics.KrippendorffAlpha;
import org.encore.statistics.KrippendorffAlpha.Distance;
import org.junit.jupiter.api.Test;

final class AgreementTest {
    /** The worked example of Krippendorff's "Computing Krippendorff's alpha-reliability": 0.691 and 0.811. */
    @Test
    void alphaOfAPublishedExample() {
        List<List<Double>> units = List.of(
                List.of(1.0),
                List.of(2.0, 2.0),
                List.of(1.0, 1.0),
                List.of(3.0, 3.0),
                List.of(3.0, 3.0, 4.0),
                List.of(4.0, 4.0, 4.0),
                List.of(1.0, 3.0),
                List.of(2.0, 2.0),
                List.of(1.0, 1.0),
                List.of(1.0, 1.0),
                List.of(3.0, 3.0),
                List.of(3.0, 3.0),
                List.of(3.0, 4.0));
        assertEquals(0.691, KrippendorffAlpha.of(units, Distance.NOMINAL), 5e-4);
        assertEquals(0.811, KrippendorffAlpha.of(units, Distance.INTERVAL), 5e-4);
        assertTrue(Double.isNaN(KrippendorffAlpha.of(List.of(List.of(1.0)), Distance.NOMINAL)));
    }

    /** 20 times both yes, 15 both no, 5 and 10 apart: agreement 0.7, by chance 0.5 * 0.6 + 0.5 * 0.4 = 0.5. */
    @Test
    void kappaOfATableOfFour() {
        int[] one = new int[50];
        int[] other = new int[50];
        for (int i = 0; i < 50; i++) {
            one[i] = i < 25 ? 1 : 0;
            other[i] = i < 20 || i >= 40 ? 1 : 0;
        }
        assertEquals(0.4, CohenKappa.of(one, other), 1e-12);
        assertTrue(Double.isNaN(CohenKappa.of(new int[] {1, 1}, new int[] {1, 1})));
        assertThrows(IllegalArgumentException.class, () -> CohenKappa.of(new int[1], new int[2]));
    }

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
        RaterAgreement agreement = RaterAgreement.of(votes);
        assertEquals(6, agreement.sharedPairs());
        assertEquals(5.0 / 6.0, agreement.agreement(), 1e-12);
        assertEquals(2.0 / 3.0, agreement.kappa(), 1e-12);
        // 24 values, half of them 1: observed 2 couples of distance 4 each way of 24, expected 12 * 12 * 2 * 4 / 23 of
        // 24.
        assertEquals(1.0 - 2.0 * 2.0 * 4.0 / (12.0 * 12.0 * 2.0 * 4.0 / 23.0), agreement.alpha(), 1e-12);
    }

    @Test
    void withoutSharedPairsNothingCanBeSaid() {
        RaterAgreement agreement = RaterAgreement.of(List.of(vote("x", "y", Preference.A, "one")));
        assertEquals(0, agreement.sharedPairs());
        assertTrue(Double.isNaN(agreement.agreement()) && Double.isNaN(agreement.kappa()));
        assertTrue(Double.isNaN(agreement.alpha()));
    }
}
