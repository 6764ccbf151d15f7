package org.encore.rewards.quality;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.encore.base.random.RandomStreams;
import org.encore.rewards.quality.RatedClips.SimulatedRaters;
import org.junit.jupiter.api.Test;

class SimulatedRatersTest {
    private static final int CLIPS = 4000;

    private static SimulatedRaters raters(double leniency, double noise) {
        return new SimulatedRaters(new SimulatedRaters.Settings(40, 3, leniency, noise), new RandomStreams(1));
    }

    @Test
    void ratersWithoutFaultsRoundTheOpinion() {
        SimulatedRaters exact = raters(0, 0);
        assertArrayEquals(new int[] {3, 3, 3}, exact.ratings(5, 3.4));
        assertArrayEquals(new int[] {1, 1, 1}, exact.ratings(6, 1.0));
        assertArrayEquals(new int[] {5, 5, 5}, exact.ratings(7, 4.6));
    }

    @Test
    void ratingsSpreadAsTheirDeviationsSay() {
        // In the middle of the scale bounds matter little: 0.35² + 0.6² and 1/12 for rounding.
        double sum = 0;
        double squares = 0;
        for (int clip = 0; clip < CLIPS; clip++) {
            for (int rating : raters(0.35, 0.6).ratings(clip, 3.0)) {
                assertTrue(rating >= 1 && rating <= 5);
                sum += rating;
                squares += rating * rating;
            }
        }
        double mean = sum / (3 * CLIPS);
        // The panel's own mean leniency is off by up to 0.35 / sqrt(40) = 0.055 times two or three.
        assertEquals(3.0, mean, 0.15);
        assertEquals(Math.sqrt(0.35 * 0.35 + 0.36 + 1 / 12.0), Math.sqrt(squares / (3 * CLIPS) - mean * mean), 0.06);
    }

    @Test
    void ratersOfAClipAreDifferentOnes() {
        SimulatedRaters three = new SimulatedRaters(new SimulatedRaters.Settings(3, 3, 2.0, 0.0), new RandomStreams(2));
        // All of the panel rate every clip, in some order: the same ratings each time.
        int[] first = three.ratings(0, 3.0);
        Arrays.sort(first);
        for (int clip = 1; clip < 20; clip++) {
            int[] ratings = three.ratings(clip, 3.0);
            Arrays.sort(ratings);
            assertArrayEquals(first, ratings);
        }
        assertTrue(first[0] < first[2]);
    }

    @Test
    void theSameClipIsRatedTheSame() {
        assertArrayEquals(raters(0.35, 0.6).ratings(9, 2.7), raters(0.35, 0.6).ratings(9, 2.7));
    }

    @Test
    void impossiblePanelsAreRefused() {
        assertEquals(
                "panel is 2 and perClip is 3, but must satisfy 1 <= perClip <= panel",
                assertThrows(IllegalArgumentException.class, () -> new SimulatedRaters.Settings(2, 3, 0.1, 0.1))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> new SimulatedRaters.Settings(3, 3, -0.1, 0.1));
        assertThrows(IllegalArgumentException.class, () -> new SimulatedRaters.Settings(3, 3, 0.1, Double.NaN));
    }
}
