package org.encore.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class CurveTest {
    private static Curve curve(int size, IntToDoubleFunction value) {
        TreeMap<Long, Double> points = new TreeMap<>();
        for (int i = 0; i < size; i++) {
            points.put((long) i + 1, value.applyAsDouble(i));
        }
        return Curve.of("x", points);
    }

    @Test
    void knowsItsRangeWithoutGaps() {
        Curve curve = curve(4, i -> new double[] {3, -1, 2, Double.NaN}[i]);
        assertEquals(-1.0, curve.lowest(), 0.0);
        assertEquals(3.0, curve.highest(), 0.0);
        assertEquals(2.0, curve.last(), 0.0);
        assertEquals(-1.0, curve.at(2), 0.0);
        assertTrue(Double.isNaN(curve.at(9)));
    }

    @Test
    void smoothsByTheMeanAroundEachPoint() {
        // Forty points: one to each side; at the ends there is only one side.
        Curve smooth =
                curve(40, i -> i == 10 ? 6.0 : i == 20 ? Double.NaN : 0.0).smoothed();
        assertEquals(0.0, smooth.value(8), 1e-12);
        assertEquals(2.0, smooth.value(9), 1e-12);
        assertEquals(2.0, smooth.value(10), 1e-12);
        assertEquals(2.0, smooth.value(11), 1e-12);
        assertEquals(0.0, smooth.value(12), 1e-12);
        assertTrue(Double.isNaN(smooth.value(20)));
        assertEquals(0.5, curve(40, i -> i).smoothed().value(0), 1e-12);
        // Beside a gap the mean is over those that are there.
        assertEquals(3.0, curve(40, i -> i == 20 ? Double.NaN : 3.0).smoothed().value(19), 1e-12);
    }

    @Test
    void keepsSpikesWhenThinned() {
        Curve thin = curve(1000, i -> i == 503 ? 9.0 : i == 777 ? -9.0 : i % 2).thinned(100);
        assertTrue(thin.size() <= 100);
        assertEquals(9.0, thin.highest(), 0.0);
        assertEquals(-9.0, thin.lowest(), 0.0);
        assertEquals(9.0, thin.at(504), 0.0);
        for (int i = 1; i < thin.size(); i++) {
            assertTrue(thin.step(i) > thin.step(i - 1));
        }
    }

    @Test
    void tellsNoiseFromSlopes() {
        assertFalse(curve(100, i -> Math.min(i, 10)).isNoisy());
        assertTrue(curve(100, i -> i + 3 * (i % 2)).isNoisy());
        assertFalse(curve(10, i -> i % 2).isNoisy());
    }
}
