package org.encore.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class AxisTest {
    private static List<String> labels(Axis axis) {
        return axis.ticks().stream().map(Axis.Tick::label).toList();
    }

    @Test
    void roundsOutwardsToTicks() {
        // A quarter of 0.87 is 0.2175; the next of 1, 2, 5 times a power of ten is 0.5.
        Axis axis = Axis.rounded(0.06, 0.93);
        assertEquals(List.of("0.0", "0.5", "1.0"), labels(axis));
        assertEquals(0.0, axis.low(), 1e-12);
        assertEquals(1.0, axis.high(), 1e-12);
        assertEquals(0.25, axis.place(0.25), 1e-12);
    }

    @Test
    void namesBothEnds() {
        // A quarter of 3.3 is 0.825: ticks every 1, although a quarter of the rounded range would ask for every 2.
        assertEquals(List.of("0", "1", "2", "3", "4", "5"), labels(Axis.rounded(0.8, 4.1)));
    }

    @Test
    void keepsExactEnds() {
        // A quarter of 199 is 49.75: ticks every 50.
        Axis axis = Axis.exact(1, 200);
        assertEquals(List.of("50", "100", "150", "200"), labels(axis));
        assertEquals(0.0, axis.place(1), 1e-12);
        assertEquals(1.0, axis.place(200), 1e-12);
    }

    @Test
    void crossesZero() {
        assertEquals(List.of("-0.4", "-0.2", "0.0", "0.2", "0.4"), labels(Axis.rounded(-0.35, 0.31)));
    }

    @Test
    void opensWhatHasNoWidth() {
        assertEquals(List.of("0.0", "0.5", "1.0"), labels(Axis.rounded(0.0, 0.0)));
        Axis constant = Axis.rounded(0.02, 0.02);
        assertEquals(0.5, constant.place(0.02), 1e-12);
        // No value at all: the smallest of nothing is infinite.
        assertEquals(
                0.0,
                Axis.rounded(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY).low(),
                0.0);
    }

    @Test
    void countsRatios() {
        Axis axis = Axis.logarithmic(0.08, 21.0);
        assertEquals(List.of("0.01", "0.1", "1", "10", "100"), labels(axis));
        assertEquals(0.5, axis.place(1.0), 1e-12);
        // Seven powers are too many to name: every second.
        assertEquals(List.of("0.001", "0.1", "10", "1000"), labels(Axis.logarithmic(0.001, 9000.0)));
    }

    @Test
    void namesSmallAndLargeNumbers() {
        assertEquals(List.of("0", "5e-6", "1e-5"), labels(Axis.rounded(0.0, 1e-5)));
        assertEquals(List.of("0", "5e7", "1e8"), labels(Axis.rounded(0.0, 1e8)));
    }
}
