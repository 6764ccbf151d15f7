package org.encore.base.settings;

/** Checks on settings. */
public final class Checks {
    private Checks() {}

    public static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be at least " + least);
        }
    }

    public static void within(String name, double value, double low, double high) {
        if (!(value >= low && value <= high)) {
            throw new IllegalArgumentException(name + " is " + value + ", but must lie in [" + low + ", " + high + "]");
        }
    }
}
