package org.encore.base.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams.Purpose;
import org.junit.jupiter.api.Test;

final class ShuffleTest {
    /** Returns given draws, and checks the requested bounds: 4, 3, 2. */
    private static final class Told implements RandomGenerator {
        private final Deque<Integer> draws = new ArrayDeque<>(List.of(1, 2, 0));
        private final Deque<Integer> bounds = new ArrayDeque<>(List.of(4, 3, 2));

        @Override
        public int nextInt(int bound) {
            assertEquals(bounds.remove(), bound);
            return draws.remove();
        }

        @Override
        public long nextLong() {
            throw new AssertionError("only nextInt(bound) may be drawn");
        }
    }

    /** By hand: 0 1 2 3 → swap 3 and 1: 0 3 2 1 → swap 2 and 2 → swap 1 and 0: 3 0 2 1. */
    @Test
    void drawsAndSwapsAreThoseOfDurstenfeld() {
        int[] numbers = {0, 1, 2, 3};
        Shuffle.inPlace(numbers, new Told());
        assertArrayEquals(new int[] {3, 0, 2, 1}, numbers);
        List<String> letters = new ArrayList<>(List.of("a", "b", "c", "d"));
        Shuffle.inPlace(letters, new Told());
        assertEquals(List.of("d", "a", "c", "b"), letters);
    }

    /** 6000 shuffles of three: each order 1000 times, with a deviation of sqrt(6000 / 6 * 5 / 6) = 28.9. */
    @Test
    void allOrdersAreAsProbable() {
        RandomGenerator random = new RandomStreams(1).stream(Purpose.NOISE);
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < 6000; i++) {
            int[] numbers = {0, 1, 2};
            Shuffle.inPlace(numbers, random);
            counts.merge(Arrays.toString(numbers), 1, Integer::sum);
        }
        assertEquals(6, counts.size());
        counts.forEach((order, count) -> assertEquals(1000, count, 4 * 28.9, order));
    }

    @Test
    void nothingIsDrawnForOneElement() {
        RandomGenerator none = () -> {
            throw new AssertionError("nothing may be drawn");
        };
        Shuffle.inPlace(new int[1], none);
        Shuffle.inPlace(new ArrayList<>(), none);
    }
}
