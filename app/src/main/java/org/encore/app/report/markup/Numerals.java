package org.encore.app.report.markup;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as people read them. */
public final class Numerals {
    private static final MathContext FOUR_DIGITS = new MathContext(4);
    private static final double SMALLEST_PLAIN = 1e-4;
    private static final double LARGEST_ROUNDED = 1e4;
    private static final double LARGEST_PLAIN = 1e7;
    private static final int SECONDS_A_MINUTE = 60;
    private static final int SECONDS_AN_HOUR = 3600;

    private Numerals() {}

    /** Four significant digits; whole numbers below ten million in full; a dash for what is not finite. */
    public static String of(double value) {
        if (!Double.isFinite(value)) {
            return "–";
        }
        if (value == 0.0) {
            return "0";
        }
        double size = Math.abs(value);
        if (size < SMALLEST_PLAIN || size >= LARGEST_PLAIN) {
            return exponential(value);
        }
        if (size >= LARGEST_ROUNDED) {
            return Long.toString(Math.round(value));
        }
        return new BigDecimal(value).round(FOUR_DIGITS).stripTrailingZeros().toPlainString();
    }

    /** As {@link #of}, with a plus before what is above 0. */
    public static String change(double value) {
        return value > 0.0 && Double.isFinite(value) ? "+" + of(value) : of(value);
    }

    /** A coordinate in a drawing: one decimal at most. */
    public static String coordinate(double value) {
        long tenths = Math.round(value * 10.0);
        return tenths % 10 == 0 ? Long.toString(tenths / 10) : Double.toString(tenths / 10.0);
    }

    /** A time in hours, minutes and seconds, as far as they matter. */
    public static String duration(double seconds) {
        if (!(seconds >= 0.0 && seconds < Integer.MAX_VALUE)) {
            return of(seconds) + " s";
        }
        if (seconds < SECONDS_A_MINUTE) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        int whole = (int) Math.round(seconds);
        int minutes = whole % SECONDS_AN_HOUR / SECONDS_A_MINUTE;
        return whole < SECONDS_AN_HOUR
                ? minutes + " min " + whole % SECONDS_A_MINUTE + " s"
                : whole / SECONDS_AN_HOUR + " h " + minutes + " min";
    }

    private static String exponential(double value) {
        String text = String.format(Locale.ROOT, "%.3e", value);
        int e = text.indexOf('e');
        String digits =
                new BigDecimal(text.substring(0, e)).stripTrailingZeros().toPlainString();
        return digits + "e" + Integer.parseInt(text.substring(e + 1));
    }
}
