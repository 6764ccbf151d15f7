package org.encore.trainer.advantages;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.encore.trainer.advantages.AdvantageScale.Whitening;
import org.junit.jupiter.api.Test;

class WhiteningTest {
    private static final double NAN = Double.NaN;
    private final ValidSteps steps = new ValidSteps(new int[] {3, 1}, 3);
    /** Mean 4, population variance 12.5. */
    private final double[][] table = {{1, 2, 3}, {10, NAN, NAN}};

    @Test
    void whitenedCentresAndScales() {
        double[][] result = AdvantageScale.WHITENED.of(steps, table);
        double deviation = Math.sqrt(12.5);
        assertArrayEquals(new double[] {-3 / deviation, -2 / deviation, -1 / deviation}, result[0], 1e-8);
        assertArrayEquals(new double[] {6 / deviation, NAN, NAN}, result[1], 1e-8);
        assertEquals(0.0, steps.mean(result), 1e-12);
        assertEquals(1.0, steps.variance(result), 1e-8);
    }

    @Test
    void rescaledKeepsTheMean() {
        double[][] result = AdvantageScale.RESCALED.of(steps, table);
        double deviation = Math.sqrt(12.5);
        assertArrayEquals(new double[] {4 - 3 / deviation, 4 - 2 / deviation, 4 - 1 / deviation}, result[0], 1e-8);
        assertArrayEquals(new double[] {4 + 6 / deviation, NAN, NAN}, result[1], 1e-8);
    }

    @Test
    void untouchedCopies() {
        double[][] result = AdvantageScale.UNTOUCHED.of(steps, table);
        assertArrayEquals(table[0], result[0], 0.0);
        result[0][0] = 99;
        assertEquals(1.0, table[0][0], 0.0);
    }

    @Test
    void aConstantTableStaysFinite() {
        double[][] constant = {{5, 5, 5}, {5, NAN, NAN}};
        assertArrayEquals(new double[] {0, 0, 0}, Whitening.whitened(steps, constant)[0], 0.0);
        assertArrayEquals(new double[] {5, 5, 5}, Whitening.rescaled(steps, constant)[0], 0.0);
    }
}
