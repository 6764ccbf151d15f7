package org.encore.model.transformer;

/** Checks on sizes. */
final class Sizes {
    static final int MAX_LAYERS = 1000;

    private Sizes() {}

    static void requireIn(String name, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(name + " is " + value + ", but must lie in [1, " + max + "]");
        }
    }

    static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be at least 1");
        }
    }
}
