package org.encore.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Variance components by hand, and on groups whose components are known. */
final class VarianceComponentsTest {
    private static final double NAN = Double.NaN;

    @Test
    void byHand() {
        // Means 2 and 6; within (2 + 2) / 2 = 2; MSB = 2 * (4 + 4) = 16; between (16 - 2) / 2 = 7.
        VarianceComponents found = VarianceComponents.of(List.of(new double[] {1, 3}, new double[] {5, 7}));
        assertEquals(2.0, found.within(), 1e-12);
        assertEquals(7.0, found.between(), 1e-12);
        assertEquals(7.0 / 9.0, found.share(), 1e-12);
    }

    @Test
    void abstentionsAndGroupsOfOneAreLeftOut() {
        VarianceComponents found = VarianceComponents.of(
                List.of(new double[] {1, NAN, 3}, new double[] {5, 7}, new double[] {100}, new double[] {NAN, 100}));
        assertEquals(7.0 / 9.0, found.share(), 1e-12);
        assertTrue(Double.isNaN(VarianceComponents.of(List.of(new double[] {1, 2}, new double[] {3}))
                .share()));
        assertTrue(Double.isNaN(VarianceComponents.of(List.of(new double[] {1, 1}, new double[] {1, 1}))
                .share()));
    }

    /** The plain variance of the means would be 1 + 4 / 8 = 1.5 here, and the share of it 0.27 instead of 0.2. */
    @Test
    void theNoiseOfTheMeansIsTakenAway() {
        SplittableRandom random = new SplittableRandom(7);
        List<double[]> groups = new ArrayList<>();
        for (int g = 0; g < 4000; g++) {
            double mean = random.nextGaussian();
            double[] group = new double[g % 2 == 0 ? 6 : 10];
            for (int i = 0; i < group.length; i++) {
                group[i] = mean + 2.0 * random.nextGaussian();
            }
            groups.add(group);
        }
        VarianceComponents found = VarianceComponents.of(groups);
        assertEquals(1.0, found.between(), 0.06);
        assertEquals(4.0, found.within(), 0.08);
        assertEquals(0.2, found.share(), 0.01);
    }
}
