package org.encore.benchmarks.engines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class HeapGaugeTest {
    private static final int BYTES = 10_000;

    private final List<byte[]> kept = new ArrayList<>();

    /** What is allocated before the first of the two steps and after the last does not count. */
    @Test
    void countsBetweenTwoStepsAlone() {
        HeapGauge gauge = new HeapGauge(2, 2, 4);
        RandomGenerator first = gauge.watched(0, () -> 7L);
        RandomGenerator second = gauge.watched(1, () -> 7L);
        for (int step = 1; step <= 5; step++) {
            first.nextDouble();
            second.nextDouble();
            kept.add(new byte[step == 2 || step == 3 ? BYTES : 100 * BYTES]);
        }
        double bytes = gauge.bytesPerStep();
        assertTrue(bytes >= BYTES && bytes < 2 * BYTES, bytes + " bytes a step");
        assertEquals(5, kept.size());
    }

    /** An outlier, like that of a first time, does not count. */
    @Test
    void theMedianOfWhatIsDone() {
        double bytes = HeapGauge.medianOf(5, () -> kept.add(new byte[kept.isEmpty() ? 100 * BYTES : BYTES]));
        assertTrue(bytes >= BYTES && bytes < 2 * BYTES, bytes + " bytes");
        assertEquals(5, kept.size());
    }

    @Test
    void theNumbersAreThoseOfTheSource() {
        RandomGenerator watched = new HeapGauge(1, 1, 2).watched(0, () -> 7L);
        RandomGenerator source = () -> 7L;
        assertEquals(7L, watched.nextLong());
        assertEquals(source.nextDouble(), watched.nextDouble());
    }

    @Test
    void aSequenceThatEndsEarlyIsNoMeasurement() {
        HeapGauge gauge = new HeapGauge(1, 1, 3);
        RandomGenerator watched = gauge.watched(0, () -> 7L);
        watched.nextDouble();
        watched.nextDouble();
        assertThrows(IllegalStateException.class, gauge::bytesPerStep);
        assertThrows(IllegalArgumentException.class, () -> new HeapGauge(1, 0, 3));
        assertThrows(IllegalArgumentException.class, () -> new HeapGauge(1, 2, 2));
    }
}
