package org.encore.steering.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.encore.statistics.Interval;
import org.junit.jupiter.api.Test;

class FrechetDistanceTest {
    /** A generator that is easy to repeat elsewhere. */
    private long state = 99;

    private double next() {
        state = (state * 1103515245L + 12345L) % 2147483648L;
        return state / 2147483648.0;
    }

    private double[][] points(double scale, double shift) {
        double[][] points = new double[20][3];
        for (double[] row : points) {
            for (int i = 0; i < row.length; i++) {
                row[i] = scale * next() + shift;
            }
        }
        return points;
    }

    /** The formula with SciPy's square root of a matrix. */
    @Test
    void agreesWithAnotherImplementation() {
        double[][] first = points(1.0, 0.0);
        double[][] second = points(1.5, 0.2);
        assertEquals(0.41373624992653035, FrechetDistance.of(first, second), 1e-9);
        Interval interval = FrechetDistance.interval(first, second);
        assertTrue(interval.contains(interval.value()) && interval.halfWidth() > 0.01);
        Interval few = FrechetDistance.interval(Arrays.copyOf(first, 5), Arrays.copyOf(second, 5));
        assertTrue(few.value() > 0.0 && Double.isNaN(few.low()));
    }

    @Test
    void aSetHasNoDistanceToItselfAndAShiftIsItsSquare() {
        double[][] points = points(1.0, 0.0);
        double[][] moved = new double[points.length][];
        for (int n = 0; n < moved.length; n++) {
            moved[n] = new double[] {points[n][0] + 3.0, points[n][1], points[n][2] - 4.0};
        }
        assertEquals(0.0, FrechetDistance.of(points, points), 1e-6);
        assertEquals(25.0, FrechetDistance.of(points, moved), 1e-6);
    }
}
