package org.encore.trainer.advantages;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ValidStepsTest {
    private static final double NAN = Double.NaN;
    private final ValidSteps steps = new ValidSteps(new int[] {3, 1}, 3);
    /** Valid: 1, 2, 3 and 10. */
    private final double[][] table = {{1, 2, 3}, {10, NAN, NAN}};

    @Test
    void countsValidSteps() {
        assertEquals(2, steps.samples());
        assertEquals(3, steps.columns());
        assertEquals(1, steps.length(1));
        assertEquals(4, steps.total());
        assertEquals(6, ValidSteps.full(2, 3).total());
    }

    @Test
    void averagesOverStepsNotOverCells() {
        assertEquals(16.0, steps.sum(table), 1e-12);
        assertEquals(4.0, steps.mean(table), 1e-12);
        assertArrayEquals(new double[] {6, 10}, steps.sumPerSample(table), 1e-12);
    }

    @Test
    void varianceDividesByTheNumberOfValidSteps() {
        // Deviations -3, -2, -1, 6: squares 9 + 4 + 1 + 36 = 50; 50 / 4.
        assertEquals(12.5, steps.variance(table), 1e-12);
        assertEquals(3.5355339059, steps.standardDeviation(table), 1e-9);
        assertEquals(0.0, new ValidSteps(new int[] {1}, 2).variance(new double[][] {{7, NAN}}), 0.0);
    }

    @Test
    void tablesHoldNanAfterTheLastStep() {
        double[][] made = steps.table((b, t) -> 10 * b + t);
        assertArrayEquals(new double[] {0, 1, 2}, made[0], 0.0);
        assertArrayEquals(new double[] {10, NAN, NAN}, made[1], 0.0);
    }

    @Test
    void keepsItsOwnLengths() {
        int[] lengths = {2};
        ValidSteps own = new ValidSteps(lengths, 2);
        lengths[0] = 1;
        assertEquals(2, own.length(0));
    }

    @Test
    void requireNamesWhatIsWrong() {
        assertSame(table, steps.require("values", table));
        assertRefused("values has 1 rows, but the batch has 2 samples", new double[][] {{1, 2, 3}});
        assertRefused("values has 2 columns in row 1, but the batch has 3 steps", new double[][] {{1, 2, 3}, {1, 2}});
        assertRefused(
                "values is NaN at sample 0, step 1, but must be finite at every valid step",
                new double[][] {{1, NAN, 3}, {1, 2, 3}});
        assertRefused(
                "values is Infinity at sample 1, step 0, but must be finite at every valid step",
                new double[][] {{1, 2, 3}, {1 / 0.0, 2, 3}});
    }

    @Test
    void refusesLengthsThatDoNotFit() {
        assertMessage("lengths[1] is 0, but must lie in [1, 3]", () -> new ValidSteps(new int[] {1, 0}, 3));
        assertMessage("lengths[0] is 4, but must lie in [1, 3]", () -> new ValidSteps(new int[] {4}, 3));
        assertMessage(
                "lengths is empty, but a batch must hold at least one sample", () -> new ValidSteps(new int[0], 3));
    }

    private void assertRefused(String message, double[][] refused) {
        assertMessage(message, () -> steps.require("values", refused));
    }

    private static void assertMessage(String message, Runnable refused) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, refused::run).getMessage());
    }
}
