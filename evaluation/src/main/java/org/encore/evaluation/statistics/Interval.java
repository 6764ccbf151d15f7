package org.encore.evaluation.statistics;

/**
 * A figure and how far it may be off.
 *
 * @param value the figure itself; NaN where it is not defined
 * @param low lower end of its 95 per cent interval; NaN where it is not defined
 * @param high upper end
 */
public record Interval(double value, double low, double high) {
    /** True if all of the interval is above a number. */
    public boolean isAbove(double number) {
        return low > number;
    }

    /** True if all of the interval is below a number. */
    public boolean isBelow(double number) {
        return high < number;
    }

    /** True if a number lies in the interval. */
    public boolean holds(double number) {
        return number >= low && number <= high;
    }
}
