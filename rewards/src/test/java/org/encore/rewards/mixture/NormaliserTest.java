package org.encore.rewards.mixture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.encore.rewards.mixture.Normaliser.Bounds;
import org.encore.rewards.mixture.Normaliser.FixedRange;
import org.encore.rewards.mixture.Normaliser.Identity;
import org.encore.rewards.mixture.Normaliser.MeasuredReference;
import org.encore.rewards.mixture.Normaliser.ReferenceDistribution;
import org.encore.rewards.mixture.Normaliser.Running;
import org.encore.rewards.mixture.Normaliser.RunningMoments;
import org.junit.jupiter.api.Test;

class NormaliserTest {
    /** Count 3, mean 2, population variance 8 / 3. */
    private static final RunningMoments SEEN =
            RunningMoments.NONE.plus(0).plus(2).plus(4);

    /** Each variant, and what it makes of 3. */
    private static final Map<Normaliser, Double> EXPECTED = expected();

    private static Map<Normaliser, Double> expected() {
        Map<Normaliser, Double> expected = new HashMap<>();
        expected.put(new Identity(), 3.0);
        expected.put(new FixedRange(1, 5), 0.5);
        expected.put(new ReferenceDistribution(2, 4), 0.25);
        expected.put(new MeasuredReference(), 1 / Math.sqrt(8.0 / 3));
        expected.put(new Running(), 1 / Math.sqrt(8.0 / 3));
        return expected;
    }

    @Test
    void everyVariantMakesOfThreeWhatItShould() {
        assertEquals(new Identity(), Normaliser.defaults());
        assertEquals(5, Normaliser.class.getPermittedSubclasses().length);
        for (Class<?> variant : Normaliser.class.getPermittedSubclasses()) {
            assertTrue(EXPECTED.keySet().stream().anyMatch(variant::isInstance), variant + " has no case");
            assertTrue(variant.isRecord());
        }
        EXPECTED.forEach((normaliser, value) -> {
            assertEquals(value, normaliser.normalised(3, SEEN), 1e-8, normaliser::toString);
            assertFalse(normaliser.description().isBlank());
        });
    }

    @Test
    void musicRlQualityFromOpinionScores() {
        FixedRange quality = new FixedRange(1, 5);
        assertEquals(0.0, quality.normalised(1, SEEN), 0.0);
        assertEquals(1.0, quality.normalised(5, SEEN), 0.0);
        assertEquals(1.25, quality.normalised(6, SEEN), 1e-12);
    }

    @Test
    void momentsEqualTheTwoPassFormula() {
        SplittableRandom random = new SplittableRandom(4);
        double[] numbers = random.doubles(1000, 1e6, 1e6 + 1).toArray();
        RunningMoments moments = RunningMoments.NONE;
        double sum = 0;
        for (double number : numbers) {
            moments = moments.plus(number);
            sum += number;
        }
        double mean = sum / numbers.length;
        double squares = 0;
        for (double number : numbers) {
            squares += (number - mean) * (number - mean);
        }
        assertEquals(1000, moments.count());
        assertEquals(mean, moments.mean(), 1e-8);
        assertEquals(squares / 1000, moments.variance(), 1e-8);
        assertEquals(Math.sqrt(squares / 1000), moments.standardDeviation(), 1e-8);
    }

    @Test
    void scoresThatDoNotDifferBecomeZero() {
        RunningMoments same = RunningMoments.NONE.plus(7).plus(7);
        assertEquals(0.0, new Running().normalised(7, same), 0.0);
        assertEquals(0.0, RunningMoments.NONE.variance(), 0.0);
    }

    @Test
    void boundsClip() {
        Bounds bounds = new Bounds(-1, 2);
        assertEquals(-1, bounds.clipped(-5), 0.0);
        assertEquals(0.5, bounds.clipped(0.5), 0.0);
        assertEquals(2, bounds.clipped(3), 0.0);
        assertEquals(1e300, Bounds.defaults().clipped(1e300), 0.0);
    }

    @Test
    void refuseWhatMakesNoSense() {
        assertRefused(
                "low is 5.0 and high is 5.0, but both must be finite and low below high", () -> new FixedRange(5, 5));
        assertRefused(
                "low is NaN and high is 1.0, but both must be finite and low below high",
                () -> new FixedRange(Double.NaN, 1));
        assertRefused("sd is 0.0, but must be above 0 and finite", () -> new ReferenceDistribution(1, 0));
        assertRefused("mean is NaN, but must be finite", () -> new ReferenceDistribution(Double.NaN, 1));
        assertRefused("low is 2.0, but must lie below high, which is 1.0", () -> new Bounds(2, 1));
        assertRefused("count is -1, but must be at least 0", () -> new RunningMoments(-1, 0, 0));
        assertRefused("mean is NaN, but must be finite", () -> new RunningMoments(1, Double.NaN, 0));
        assertRefused("squares is -1.0, but must be at least 0 and finite", () -> new RunningMoments(1, 0, -1));
    }

    private static void assertRefused(String message, Runnable refused) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, refused::run).getMessage());
    }
}
