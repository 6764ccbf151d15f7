package org.encore.model.optimiser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static void assertFactors(Schedule schedule, long total, double... expected) {
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], schedule.factor(i + 1, total), 1e-12, schedule + " at step " + (i + 1));
        }
    }

    @Test
    void constantRisesAndStays() {
        assertFactors(Schedule.Constant.defaults(), 4, 1, 1, 1, 1, 1);
        assertFactors(new Schedule.Constant(4), 6, 0.25, 0.5, 0.75, 1, 1, 1, 1);
    }

    @Test
    void linearRisesAndFalls() {
        // Down to 0 one step after the last, so that the last is no loss.
        assertFactors(Schedule.Linear.defaults(), 4, 0.8, 0.6, 0.4, 0.2, 0);
        // Two steps up, then four steps from 1 to 0.2.
        assertFactors(new Schedule.Linear(2, 0.2), 6, 0.5, 1, 0.8, 0.6, 0.4, 0.2, 0.2);
    }

    @Test
    void cosineRisesAndFalls() {
        // 0.5 (1 + cos(π / 4)) = 0.8535534
        assertFactors(Schedule.Cosine.defaults(), 3, 0.8535533905932737, 0.5, 0.1464466094067263, 0, 0);
        assertFactors(new Schedule.Cosine(2, 0.2), 6, 0.5, 1, 0.2 + 0.8 * 0.8535533905932737, 0.6);
    }

    @Test
    void aWarmUpLongerThanTheRunNeverFalls() {
        assertFactors(new Schedule.Linear(10, 0.0), 4, 0.1, 0.2, 0.3, 0.4);
        assertFactors(new Schedule.Cosine(10, 0.0), 4, 0.1, 0.2, 0.3, 0.4);
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        assertEquals(
                "warmupSteps is -1, but must be at least 0",
                assertThrows(IllegalArgumentException.class, () -> new Schedule.Constant(-1))
                        .getMessage());
        assertEquals(
                "finalShare is 1.5, but must lie in [0, 1]",
                assertThrows(IllegalArgumentException.class, () -> new Schedule.Linear(0, 1.5))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> new Schedule.Cosine(0, Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> new Schedule.Cosine(-3, 0));
        assertThrows(IllegalArgumentException.class, () -> new Schedule.Linear(-3, 0));
    }
}
