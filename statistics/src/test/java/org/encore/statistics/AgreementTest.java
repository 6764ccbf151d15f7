package org.encore.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.encore.statistics.Agreement.Distance;
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
        assertEquals(0.691, Agreement.krippendorffAlpha(units, Distance.NOMINAL), 5e-4);
        assertEquals(0.811, Agreement.krippendorffAlpha(units, Distance.INTERVAL), 5e-4);
        assertTrue(Double.isNaN(Agreement.krippendorffAlpha(List.of(List.of(1.0)), Distance.NOMINAL)));
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
        assertEquals(0.4, Agreement.cohenKappa(one, other), 1e-12);
        assertTrue(Double.isNaN(Agreement.cohenKappa(new int[] {1, 1}, new int[] {1, 1})));
        assertThrows(IllegalArgumentException.class, () -> Agreement.cohenKappa(new int[1], new int[2]));
    }

    /** Means 2, 3, 4 about 3: between 2 (1 + 0 + 1) = 4 over 2; within 2 + 2 + 0 = 4 over 3. */
    @Test
    void reliabilityIsThatOfAOneWayAnalysis() {
        List<double[]> units = List.of(new double[] {1, 3}, new double[] {2, 4}, new double[] {4, 4});
        assertEquals((2.0 - 4.0 / 3.0) / 2.0, Agreement.intraclassCorrelation(units), 1e-12);
        assertEquals(
                1.0, Agreement.intraclassCorrelation(List.of(new double[] {1, 1, 1}, new double[] {3, 3, 3})), 1e-12);
    }

    /** Shrout and Fleiss 1979, table 2: six targets, four judges; their table 4 has ICC(1, 4) = 0.44. */
    @Test
    void reliabilityOfAPublishedExample() {
        List<double[]> units = List.of(
                new double[] {9, 2, 5, 8},
                new double[] {6, 1, 3, 2},
                new double[] {8, 4, 6, 8},
                new double[] {7, 1, 2, 6},
                new double[] {10, 5, 6, 9},
                new double[] {6, 2, 4, 7});
        assertEquals(0.44, Agreement.intraclassCorrelation(units), 5e-3);
    }

    /**
     * Two raters agree on four of five pairs: agreement 4/5. In both orders either rater says 1 and -1 five times each, so
     * chance is 1/2 and kappa (4/5 - 1/2) / (1/2) = 3/5. A pair of one rater says nothing.
     */
    @Test
    void ratersOfPairs() {
        List<SortedMap<String, Integer>> pairs = IntStream.range(0, 6)
                .<SortedMap<String, Integer>>mapToObj(
                        i -> new TreeMap<>(i == 5 ? Map.of("one", 1) : Map.of("one", 1, "two", i == 0 ? -1 : 1)))
                .toList();
        RaterAgreement agreement = RaterAgreement.of(pairs);
        assertEquals(5, agreement.sharedPairs());
        assertEquals(0.8, agreement.agreement(), 1e-12);
        assertEquals(0.6, agreement.kappa(), 1e-12);
        assertTrue(Double.isNaN(RaterAgreement.of(pairs.subList(0, 4)).kappa()));
    }
}
