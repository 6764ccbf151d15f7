package org.encore.base.random;

import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Uniform shuffles in place, by the algorithm of Fisher and Yates as Durstenfeld (1964) gives it: from the last index down
 * to 1, swap with a place at or before it. The draws are {@code nextInt(n), nextInt(n - 1), …, nextInt(2)}; the order of
 * training data depends on them, so they must not change.
 */
public final class Shuffle {
    private Shuffle() {}

    /** Shuffles numbers. */
    public static void inPlace(int[] numbers, RandomGenerator random) {
        for (int i = numbers.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = numbers[i];
            numbers[i] = numbers[j];
            numbers[j] = swapped;
        }
    }

    /** Shuffles a list that can be changed; the same generator gives the same order as for an array. */
    public static void inPlace(List<?> elements, RandomGenerator random) {
        for (int i = elements.size() - 1; i > 0; i--) {
            Collections.swap(elements, i, random.nextInt(i + 1));
        }
    }
}
