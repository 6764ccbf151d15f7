package org.encore.music.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Impulse responses against coefficients from filter tables, level and colour of the noise. */
class NoiseColourTest {
    /** First terms of the impulse responses by the recurrences of Butterworth filters in the usual tables. */
    @Test
    void filtersAreButterworth() {
        double[] impulse = {1, 0, 0};
        // b = 0.24523728, a = -0.50952545.
        double b = 0.24523728;
        double p = 0.50952545;
        assertArrayEquals(new double[] {b, b + p * b, p * (b + p * b)}, NoiseColour.PINK.filtered(impulse), 1e-7);
        // b = 0.02008337 (1, 2, 1), a = -1.56101808, 0.64135154.
        double c = 0.02008337;
        double second = 2 * c + 1.56101808 * c;
        assertArrayEquals(
                new double[] {c, second, c + 1.56101808 * second - 0.64135154 * c},
                NoiseColour.BROWN.filtered(impulse),
                1e-7);
        // b = 0.5, -0.5, a = 0.
        assertArrayEquals(new double[] {0.5, -0.5, 0}, NoiseColour.BLUE.filtered(impulse), 1e-12);
        assertArrayEquals(impulse, NoiseColour.WHITE.filtered(impulse), 0);
    }

    @ParameterizedTest
    @EnumSource
    void hasItsLevelAndIsTheSameForTheSameStream(NoiseColour colour) {
        double[] noise = colour.samples(20_000, -20, new RandomStreams(1).stream(Purpose.NOISE, 0));
        double mean = Arrays.stream(noise).average().orElseThrow();
        double variance =
                Arrays.stream(noise).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
        assertEquals(0.1, Math.sqrt(variance), 1e-9);
        assertArrayEquals(noise, colour.samples(20_000, -20, new RandomStreams(1).stream(Purpose.NOISE, 0)), 0);
    }

    /** Neighbours of brown noise are most alike, then those of pink and white; those of blue are opposed. */
    @Test
    void coloursDiffer() {
        assertTrue(likeness(NoiseColour.BROWN) > 0.9);
        assertTrue(likeness(NoiseColour.PINK) > 0.5 && likeness(NoiseColour.PINK) < 0.9);
        assertEquals(0, likeness(NoiseColour.WHITE), 0.03);
        // y = (x[t] - x[t-1]) / 2 has a correlation of -1/2.
        assertEquals(-0.5, likeness(NoiseColour.BLUE), 0.03);
    }

    private static double likeness(NoiseColour colour) {
        double[] noise = colour.samples(20_000, 0, new RandomStreams(2).stream(Purpose.NOISE, 0));
        double sum = 0;
        for (int t = 1; t < noise.length; t++) {
            sum += noise[t] * noise[t - 1];
        }
        return sum / noise.length;
    }
}
