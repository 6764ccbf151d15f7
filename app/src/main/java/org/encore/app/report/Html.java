package org.encore.app.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * Collects markup that is both HTML and XML; what is written as text is escaped.
 *
 * <p>Attributes follow a tag as alternating names and values.
 */
public final class Html {
    private static final char REPLACEMENT = '\uFFFD';

    private final StringBuilder markup = new StringBuilder();

    /** Writes an element with what {@code content} writes inside. */
    public Html in(String tag, Runnable content, String... attributes) {
        start(tag, attributes);
        markup.append('>');
        content.run();
        markup.append("</").append(tag).append('>');
        return this;
    }

    /** Writes an element that holds only text. */
    public Html element(String tag, String text, String... attributes) {
        return in(tag, () -> text(text), attributes);
    }

    /** Writes an element without content: an element of SVG, or one that HTML knows as void. */
    public Html empty(String tag, String... attributes) {
        start(tag, attributes);
        markup.append("/>");
        return this;
    }

    /** Writes text. */
    public Html text(String text) {
        escape(text);
        return this;
    }

    /** Breaks the line of the markup, for those who read its source. */
    public Html line() {
        markup.append('\n');
        return this;
    }

    /** Writes markup as it is: our own style sheet or script. */
    public Html verbatim(String ownMarkup) {
        markup.append(ownMarkup);
        return this;
    }

    @Override
    public String toString() {
        return markup.toString();
    }

    private void start(String tag, String... attributes) {
        if (attributes.length % 2 != 0) {
            throw new IllegalArgumentException("<" + tag + "> has an attribute without a value");
        }
        markup.append('<').append(tag);
        for (int i = 0; i < attributes.length; i += 2) {
            markup.append(' ').append(attributes[i]).append("=\"");
            escape(attributes[i + 1]);
            markup.append('"');
        }
    }

    private void escape(String text) {
        text.codePoints().forEach(point -> {
            switch (point) {
                case '<' -> markup.append("&lt;");
                case '>' -> markup.append("&gt;");
                case '&' -> markup.append("&amp;");
                case '"' -> markup.append("&quot;");
                case '\'' -> markup.append("&#39;");
                default -> markup.appendCodePoint(isCharacter(point) ? point : REPLACEMENT);
            }
        });
    }

    /** The characters of XML 1.0, section 2.2, without control characters, which HTML does not permit either. */
    private static boolean isCharacter(int point) {
        return point == '\t'
                || point == '\n'
                || (point >= 0x20 && point < 0x7F)
                || (point > 0x9F && point < Character.MIN_SURROGATE)
                || (point > Character.MAX_SURROGATE && (point & 0xFFFE) != 0xFFFE);
    }

    /** Numbers as people read them. */
    public static final class Numerals {
        private static final MathContext FOUR_DIGITS = new MathContext(4);
        private static final MathContext THREE_DIGITS = new MathContext(3);
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

        /** A change as {@link #change}, but with as many decimals as three digits of {@code size} have. */
        public static String change(double value, double size) {
            if (!Double.isFinite(value) || !(size >= SMALLEST_PLAIN && size < LARGEST_ROUNDED)) {
                return change(value);
            }
            int decimals = Math.max(0, 2 - (int) Math.floor(Math.log10(size)));
            BigDecimal rounded = new BigDecimal(value).setScale(decimals, RoundingMode.HALF_EVEN);
            return rounded.signum() == 0 ? "0" : (rounded.signum() > 0 ? "+" : "") + rounded.toPlainString();
        }

        /** Three significant digits, for sentences. */
        public static String brief(double value) {
            return of(
                    Double.isFinite(value)
                            ? new BigDecimal(value).round(THREE_DIGITS).doubleValue()
                            : value);
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
}
