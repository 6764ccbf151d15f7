package org.encore.base.settings;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.function.DoubleConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ChecksTest {
    private static final double BELOW_TWO = Math.nextDown(2.0);
    private static final double ABOVE_THREE = Math.nextUp(3.0);

    @Test
    void wholeNumbers() {
        assertDoesNotThrow(() -> Checks.atLeast("n", 3, 3));
        assertRefused("n is 2, but must be at least 3", () -> Checks.atLeast("n", 2, 3));
        assertDoesNotThrow(() -> Checks.within("n", 3, 3, 4));
        assertDoesNotThrow(() -> Checks.within("n", 4, 3, 4));
        assertRefused("n is 2, but must lie in [3, 4]", () -> Checks.within("n", 2, 3, 4));
        assertRefused("n is 5, but must lie in [3, 4]", () -> Checks.within("n", 5, 3, 4));
    }

    /** Each check with allowed and rejected values; NaN is never allowed. */
    @Test
    void numbers() {
        double infinity = Double.POSITIVE_INFINITY;
        assertLimits(
                "be at least 2 and finite", x -> Checks.atLeast("x", x, 2.0), List.of(2.0, 9.0), BELOW_TWO, infinity);
        assertLimits("be above 2 and finite", x -> Checks.above("x", x, 2.0), List.of(ABOVE_THREE), 2.0, infinity);
        assertLimits("be finite", x -> Checks.finite("x", x), List.of(-1e300, 0.0), infinity, -infinity);
        assertLimits("lie in [2, 3]", x -> Checks.within("x", x, 2.0, 3.0), List.of(2.0, 3.0), BELOW_TWO, ABOVE_THREE);
        assertLimits(
                "lie in (2, 3)",
                x -> Checks.openInterval("x", x, 2.0, 3.0),
                List.of(Math.nextUp(2.0), Math.nextDown(3.0)),
                2.0,
                3.0);
        assertLimits(
                "lie in [2, 3)",
                x -> Checks.rightOpenInterval("x", x, 2.0, 3.0),
                List.of(2.0, Math.nextDown(3.0)),
                BELOW_TWO,
                3.0);
        assertLimits(
                "lie in (2, 3]",
                x -> Checks.leftOpenInterval("x", x, 2.0, 3.0),
                List.of(Math.nextUp(2.0), 3.0),
                2.0,
                ABOVE_THREE);
    }

    @Test
    void limitsAreShownAsPeopleWriteThem() {
        assertRefused("x is 0.0, but must lie in [0.05, 3600]", () -> Checks.within("x", 0.0, 0.05, 3600.0));
    }

    @Test
    void text() {
        assertDoesNotThrow(() -> Checks.notBlank("name", "a", "a name"));
        assertRefused("name is blank, but must be a name", () -> Checks.notBlank("name", " \t", "a name"));
    }

    private static void assertLimits(
            String allowed, DoubleConsumer check, List<Double> right, double wrong, double alsoWrong) {
        right.forEach(value -> assertDoesNotThrow(() -> check.accept(value)));
        for (double value : new double[] {wrong, alsoWrong, Double.NaN}) {
            assertRefused("x is " + value + ", but must " + allowed, () -> check.accept(value));
        }
    }

    private static void assertRefused(String message, Executable refused) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, refused).getMessage());
    }
}
