package org.encore.model.transformer;

/** Checks on sizes. */
final class Sizes {
    private Sizes() {}

    static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be at least 1");
        }
    }
}
