package org.encore.base.settings;

/**
 * Checks on settings. A value that is not allowed throws an {@link IllegalArgumentException}; its message gives the name of the setting, its value and what is allowed.
 */
public final class Checks {
    private static final String FINITE = " and finite";

    private Checks() {}

    /** Whole numbers from {@code least} on. */
    public static void atLeast(String name, long value, long least) {
        require(value >= least, name, value, "be at least " + least);
    }

    /** Finite numbers from {@code least} on. */
    public static void atLeast(String name, double value, double least) {
        require(
                value >= least && value < Double.POSITIVE_INFINITY,
                name,
                value,
                "be at least " + plain(least) + FINITE);
    }

    /** Finite numbers above {@code limit}. */
    public static void above(String name, double value, double limit) {
        require(value > limit && value < Double.POSITIVE_INFINITY, name, value, "be above " + plain(limit) + FINITE);
    }

    /** Numbers that are neither infinite nor NaN. */
    public static void finite(String name, double value) {
        require(Double.isFinite(value), name, value, "be finite");
    }

    /** Whole numbers of a range, both ends included. */
    public static void within(String name, long value, long low, long high) {
        require(value >= low && value <= high, name, value, "lie in [" + low + ", " + high + "]");
    }

    /** Numbers of a closed interval. */
    public static void within(String name, double value, double low, double high) {
        require(value >= low && value <= high, name, value, "lie in [" + plain(low) + ", " + plain(high) + "]");
    }

    /** Numbers of an open interval. */
    public static void openInterval(String name, double value, double low, double high) {
        require(value > low && value < high, name, value, "lie in (" + plain(low) + ", " + plain(high) + ")");
    }

    /** Numbers of an interval that excludes its upper end. */
    public static void rightOpenInterval(String name, double value, double low, double high) {
        require(value >= low && value < high, name, value, "lie in [" + plain(low) + ", " + plain(high) + ")");
    }

    /** Numbers of an interval that excludes its lower end. */
    public static void leftOpenInterval(String name, double value, double low, double high) {
        require(value > low && value <= high, name, value, "lie in (" + plain(low) + ", " + plain(high) + "]");
    }

    /**
     * Text that is more than white space.
     *
     * @param what what the text must be, to follow "must be"
     */
    public static void notBlank(String name, String value, String what) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(name + " is blank, but must be " + what);
        }
    }

    private static void require(boolean allowed, String name, Object value, String what) {
        if (!allowed) {
            throw new IllegalArgumentException(name + " is " + value + ", but must " + what);
        }
    }

    /** The text of a limit; whole numbers have no decimal point. */
    private static String plain(double limit) {
        return limit == Math.rint(limit) && Math.abs(limit) < 1e15
                ? Long.toString((long) limit)
                : Double.toString(limit);
    }
}
